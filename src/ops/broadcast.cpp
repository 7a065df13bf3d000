#include "broadcast.h"

#include <fmt/format.h>

#include "lazulite/core/error.h"

namespace lazulite::ops {

Broadcast::Broadcast(const Axes& array, const Axes& input, const std::string& what) {
    for (const Axis& axis : input) {
        const auto index = findAxis(array, axis.name);
        const std::int64_t size = index ? array[*index].size : 1;
        if (axis.size != 1 && axis.size != size) {
            throw Failure(
                index ? fmt::format("{} has {} positions along {} and the data have {}: crop or bin one of them", what,
                                    axis.size, axis.name, size)
                      : fmt::format("{} has an axis {} of {} positions, but the data have none", what, axis.name,
                                    axis.size));
        }
        along_.push_back(axis.size == 1 ? std::nullopt : index);
    }
}

Region Broadcast::needed(const Region& region) const {
    std::vector<Interval> intervals;
    for (const auto& axis : along_) intervals.push_back(axis ? region[*axis] : Interval{0, 1});
    return Region(std::move(intervals));
}

Block Broadcast::spread(const Block& block, const Region& region) const {
    Strides strides(region.rank(), 0);
    for (std::size_t i = 0; i < along_.size(); ++i) {
        if (along_[i]) strides[*along_[i]] = block.strides()[i];
    }
    return block.relabelled(region, std::move(strides));
}

} // namespace lazulite::ops
