#include "volume_axes.h"

#include <algorithm>

namespace lazulite::ops {

VolumeAxes::VolumeAxes(const Axes& axes, const std::string& firstAxis)
    : axes_{findAxis(axes, firstAxis), findAxis(axes, "y"), findAxis(axes, "x")} {}

bool VolumeAxes::isSpatial(std::size_t axis) const {
    return std::find(axes_.begin(), axes_.end(), std::optional(axis)) != axes_.end();
}

Region VolumeAxes::volumeOf(const Region& region) const {
    std::vector<Interval> volume(3, Interval{0, 1});
    for (std::size_t i = 0; i < 3; ++i) {
        if (axes_[i]) volume[i] = region[*axes_[i]];
    }
    return Region(std::move(volume));
}

Region VolumeAxes::withVolume(const Region& region, const Region& volume) const {
    Region whole = region;
    for (std::size_t i = 0; i < 3; ++i) {
        if (axes_[i]) whole[*axes_[i]] = volume[i];
    }
    return whole;
}

Strides VolumeAxes::volumeOf(const Strides& strides) const {
    Strides volume(3, 0);
    for (std::size_t i = 0; i < 3; ++i) {
        if (axes_[i]) volume[i] = strides[*axes_[i]];
    }
    return volume;
}

Block VolumeAxes::volumeOf(const Block& block) const {
    return block.relabelled(volumeOf(block.region()), volumeOf(block.strides()));
}

Destination VolumeAxes::volumeOf(const Destination& destination) const {
    return {destination.data, destination.dtype, volumeOf(destination.region), volumeOf(destination.strides),
            destination.mirror};
}

void VolumeAxes::forEachVolume(const Region& region, const std::function<void(const Region&)>& visit) const {
    Shape volume(region.rank(), 1);
    Shape ends;
    for (std::size_t axis = 0; axis < region.rank(); ++axis) {
        ends.push_back(region[axis].end);
        if (isSpatial(axis)) volume[axis] = region[axis].end;
    }
    forEachGridBlock(region, volume, ends, [&](const Region& box) { visit(region.intersect(box)); });
}

} // namespace lazulite::ops
