#include "volume_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "lazulite/core/units.h"

namespace lazulite::view {

namespace {

constexpr std::int64_t kLeastTexture = 2048; ///< what every card of the last ten years, and software, can hold
constexpr std::uint64_t kMemoryShare = 4;
constexpr std::int64_t kCoarsePlanes = 12;
constexpr std::int64_t kCoarseSide = 512;
constexpr std::int64_t kQuickVoxels = std::int64_t{1} << 22; ///< loads so fast that a coarse picture would only flicker

std::int64_t reduced(std::int64_t size, std::int64_t factor) {
    return (size + factor - 1) / factor;
}

std::string text(const Triple& sizes) {
    return fmt::format("{} x {} x {}", sizes[0], sizes[1], sizes[2]);
}

/// Spacings along x, y, z in one unit; 1 for all where they cannot be compared.
std::array<double, 3> spacings(const VolumeTarget& target) {
    const Axes& axes = target.plane.array.axes();
    std::array<double, 3> raw{1, 1, 1};
    std::array<double, 3> metric{1, 1, 1};
    bool sameUnit = true;
    bool lengths = true;
    const std::string& unit = axes[target.plane.columnAxis()].unit;
    for (std::size_t d = 0; d < 3; ++d) {
        const auto axis = target.axis(d);
        if (!axis) {
            raw[d] = raw[0];
            metric[d] = metric[0];
            continue;
        }
        const auto scale = micrometresPer(axes[*axis].unit);
        raw[d] = axes[*axis].spacing > 0 ? axes[*axis].spacing : 1;
        metric[d] = raw[d] * scale.value_or(1);
        sameUnit = sameUnit && axes[*axis].unit == unit;
        lengths = lengths && scale.has_value();
    }
    if (sameUnit) return raw;
    return lengths ? metric : std::array<double, 3>{1, 1, 1};
}

void fillGrid(VolumeGrid& grid, const Triple& source, std::size_t slow, const std::array<double, 3>& spacing) {
    for (std::size_t d = 0; d < 3; ++d) {
        grid.size[d] = reduced(source[d], grid.factor[d]);
        if (d == slow) grid.size[d] = reduced(grid.size[d], grid.stride);
        // The whole keeps its length, also where the last voxel covers less than the others.
        grid.spacing[d] = spacing[d] * static_cast<double>(source[d]) / static_cast<double>(grid.size[d]);
    }
}

} // namespace

VolumeTarget VolumeTarget::of(PlaneTarget plane, int textureLimit) {
    VolumeTarget target;
    for (std::size_t i = 0; i < plane.visible.size() && target.channels.size() < kMostChannels; ++i) {
        if (plane.visible[i]) target.channels.push_back(static_cast<int>(i));
    }
    target.plane = std::move(plane);
    target.textureLimit = textureLimit;
    return target;
}

bool VolumeTarget::sameVolume(const VolumeTarget& other) const {
    if (plane.array.fingerprint() != other.plane.array.fingerprint()) return false;
    if (plane.array.axes() != other.plane.array.axes() || textureLimit != other.textureLimit) return false;
    for (std::size_t d = 0; d < 3; ++d) {
        if (axis(d) != other.axis(d)) return false;
    }
    return problemPosition(0) == other.problemPosition(0);
}

std::optional<std::size_t> VolumeTarget::axis(std::size_t direction) const {
    const std::vector<std::size_t>& order = plane.order;
    if (direction < 2) return order[order.size() - 1 - direction];
    if (order.size() < 3) return std::nullopt;
    const std::size_t depth = order[order.size() - 3];
    const Axes& axes = plane.array.axes();
    if (channelAxis(axes) == depth || sampleAxis(axes) == depth) return std::nullopt;
    return depth;
}

std::vector<std::int64_t> VolumeTarget::problemPosition(std::size_t channel) const {
    std::vector<std::int64_t> key = plane.problemPosition(channel);
    if (const auto depth = axis(2)) key[*depth] = 0;
    return key;
}

std::uint64_t VolumePlan::bytes(const VolumeGrid& grid, std::size_t channels) const {
    std::uint64_t count = channels * bytesPer(dtype);
    for (const std::int64_t size : grid.size) count *= static_cast<std::uint64_t>(size);
    return count;
}

VolumePlan planVolume(const VolumeTarget& target, std::uint64_t memoryLimit) {
    VolumePlan plan;
    const graph::LazyArray& array = target.plane.array;
    std::size_t slowest = array.rank();
    for (std::size_t d = 0; d < 3; ++d) {
        const auto axis = target.axis(d);
        plan.source[d] = axis ? array.axes()[*axis].size : 1;
        if (axis && *axis < slowest) {
            slowest = *axis;
            plan.slow = d;
        }
    }
    const bool kept = array.dtype() == DType::UInt8 || array.dtype() == DType::UInt16;
    plan.dtype = kept ? array.dtype() : DType::Float32;
    const std::array<double, 3> spacing = spacings(target);

    const std::int64_t longest = target.textureLimit > 0 ? target.textureLimit : kLeastTexture;
    bool tooLong = false;
    for (std::size_t d = 0; d < 3; ++d) {
        plan.full.factor[d] = reduced(plan.source[d], longest);
        tooLong = tooLong || plan.full.factor[d] > 1;
    }
    fillGrid(plan.full, plan.source, plan.slow, spacing);
    const std::uint64_t most = memoryLimit / kMemoryShare;
    const std::uint64_t whole = plan.bytes(plan.full, target.channels.size());
    bool tooLarge = false;
    while (plan.bytes(plan.full, target.channels.size()) > most) {
        const auto widest = std::max_element(plan.full.size.begin(), plan.full.size.end()) - plan.full.size.begin();
        if (plan.full.size[static_cast<std::size_t>(widest)] <= 1) break;
        ++plan.full.factor[static_cast<std::size_t>(widest)];
        fillGrid(plan.full, plan.source, plan.slow, spacing);
        tooLarge = true;
    }
    if (tooLong || tooLarge) {
        plan.notice = fmt::format("reduced {} by maximum, from {} to {} voxels (x, y, z): ", text(plan.full.factor),
                                  text(plan.source), text(plan.full.size));
        if (tooLong) plan.notice += fmt::format("the graphics card takes {} voxels a side", longest);
        if (tooLong && tooLarge) plan.notice += ", and ";
        if (tooLarge) {
            plan.notice +=
                fmt::format("{} do not fit the {} of memory that a volume may take", bytesText(whole), bytesText(most));
        }
    }
    const auto visible = std::count(target.plane.visible.begin(), target.plane.visible.end(), true);
    if (static_cast<std::size_t>(visible) > target.channels.size()) {
        plan.notice += fmt::format("{}the first {} of {} visible channels are shown", plan.notice.empty() ? "" : "; ",
                                   target.channels.size(), visible);
    }
    if (sampleAxis(array.axes())) {
        plan.notice += fmt::format("{}of the colour samples the first is shown", plan.notice.empty() ? "" : "; ");
    }

    const double voxels =
        static_cast<double>(plan.source[0]) * static_cast<double>(plan.source[1]) * static_cast<double>(plan.source[2]);
    if (plan.source[plan.slow] > kCoarsePlanes + kCoarsePlanes / 2 && voxels > static_cast<double>(kQuickVoxels)) {
        VolumeGrid coarse;
        for (std::size_t d = 0; d < 3; ++d) {
            if (d != plan.slow) coarse.factor[d] = std::max(plan.full.factor[d], reduced(plan.source[d], kCoarseSide));
        }
        coarse.stride = reduced(plan.source[plan.slow], kCoarsePlanes);
        fillGrid(coarse, plan.source, plan.slow, spacing);
        plan.coarse = coarse;
    }
    return plan;
}

} // namespace lazulite::view
