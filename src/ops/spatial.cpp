#include "spatial.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lazulite/core/error.h"

namespace lazulite::ops {

using graph::ArrayInfo;
using graph::LazyArray;
using graph::Need;

SpatialOperation::SpatialOperation(const LazyArray& array, const std::string& step, bool needsDepth,
                                   const std::string& firstAxis)
    : axes_(array.axes(), firstAxis), inputType_(array.dtype()), outputType_(array.dtype()) {
    checkSpace(array, step, needsDepth);
    for (std::size_t i = 0; i < 3; ++i) {
        inputShape_[i] = axes_[i] ? array.axes()[*axes_[i]].size : 1;
    }
}

void SpatialOperation::checkNumbers(std::span<const LazyArray> inputs) const {
    if (inputs.size() != numbers_ + 1) {
        throw Failure(fmt::format("{} takes {} numbers of a volume, not {}", name(), numbers_, inputs.size() - 1));
    }
    Shape expected = inputs[0].shape();
    for (std::size_t axis = 0; axis < expected.size(); ++axis) {
        if (axes_.isSpatial(axis)) expected[axis] = 1;
    }
    for (const LazyArray& numbers : inputs.subspan(1)) {
        if (numbers.shape() != expected) {
            throw Failure(fmt::format("{}: the numbers of volumes have the shape ({}) where ({}) is needed", name(),
                                      fmt::join(numbers.shape(), ", "), fmt::join(expected, ", ")));
        }
    }
}

ArrayInfo SpatialOperation::describe(std::span<const LazyArray> inputs) const {
    checkNumbers(inputs);
    const LazyArray& input = inputs[0];
    if (input.dtype() != inputType_) {
        throw Failure(
            fmt::format("{} of {} is not for an array of {}", name(), toString(inputType_), toString(input.dtype())));
    }
    ArrayInfo info{input.axes(), outputType_, Shape(input.rank(), 1)};
    Description result;
    result.block = {1, 1, 1};
    for (std::size_t i = 0; i < 3; ++i) {
        if (!axes_[i]) continue;
        result.axes[i] = input.axes()[*axes_[i]];
        result.block[i] = input.blockShape()[*axes_[i]];
    }
    describeVolume(result);
    for (std::size_t i = 0; i < 3; ++i) {
        if (!axes_[i]) continue;
        info.axes[*axes_[i]] = result.axes[i];
        info.blockShape[*axes_[i]] = std::clamp<std::int64_t>(result.block[i], 1, result.axes[i].size);
    }
    return info;
}

std::vector<Need> SpatialOperation::required(const Region& out) const {
    std::vector<Interval> outer;
    for (std::size_t axis = 0; axis < out.rank(); ++axis) {
        if (!axes_.isSpatial(axis)) outer.push_back(out[axis]);
    }
    std::vector<Need> needs;
    const Region volume = requiredVolumes(axes_.volumeOf(out), outer);
    if (!volume.empty()) needs.push_back({0, axes_.withVolume(out, volume)});
    const Region number = Region::whole({1, 1, 1});
    for (std::size_t i = 1; i <= numbers_; ++i) needs.push_back({i, axes_.withVolume(out, number)});
    return needs;
}

std::uint64_t SpatialOperation::scratchBytes(const Region& out, std::uint64_t most) const {
    return scratchVolume(axes_.volumeOf(out), most);
}

Result<Block> SpatialOperation::compute(const Region& out, std::span<const Block> inputs,
                                        graph::Workspace& workspace) const {
    const bool needsNothing = inputs.size() == numbers_;
    const Region nowhere = axes_.withVolume(out, Region(std::vector<Interval>(3)));
    const Block input = needsNothing ? Block(nullptr, inputType_, nowhere, Strides(out.rank(), 0)) : inputs[0];
    auto memory = workspace.allocate(outputType_, out);
    if (!memory) return memory.error();
    compute::Context context = contextOf(workspace);
    const double share =
        static_cast<double>(axes_.volumeOf(out).elementCount()) / static_cast<double>(out.elementCount());
    double done = 0;
    context.progress = [&](double fraction) { workspace.progress(done + fraction * share); };
    Result<void> outcome;
    axes_.forEachVolume(out, [&](const Region& part) {
        if (!outcome) return;
        std::vector<std::int64_t> first(part.rank(), 0);
        std::vector<std::int64_t> outer;
        for (std::size_t axis = 0; axis < part.rank(); ++axis) {
            if (!axes_.isSpatial(axis)) outer.push_back(first[axis] = part[axis].begin);
        }
        std::vector<double> numbers;
        for (const Block& further : inputs.last(numbers_)) numbers.push_back(further.valueAt(first));
        const Block in = input.view(axes_.withVolume(part, axes_.volumeOf(input.region())));
        outcome =
            computeVolume(axes_.volumeOf(in), axes_.volumeOf(memory->destination.at(part)), context, {outer, numbers});
        done += share;
    });
    if (!outcome) return outcome.error();
    return memory->block();
}

void checkSpace(const LazyArray& array, const std::string& step, bool needsDepth) {
    if (!findAxis(array.axes(), "y") || !findAxis(array.axes(), "x")) {
        throw Failure(fmt::format("{}: the data have no axes y and x; name them with --axes or --rename-axis", step));
    }
    const auto depth = findAxis(array.axes(), "z");
    if (needsDepth && (!depth || array.axes()[*depth].size < 2)) {
        throw Failure(fmt::format("{} needs stacks, but the data have {}; is another axis the z axis? (--rename-axis)",
                                  step, depth ? "a single plane along z" : "no axis z"));
    }
}

compute::Context contextOf(graph::Workspace& workspace) {
    return {.stop = workspace.stop(),
            .progress = [&workspace](double fraction) { workspace.progress(fraction); },
            .scratch = [&workspace](std::uint64_t bytes) -> Result<std::shared_ptr<std::byte>> {
                auto memory = workspace.allocate(DType::UInt8, Region({{0, static_cast<std::int64_t>(bytes)}}));
                if (!memory) return memory.error();
                return std::move(memory->data);
            },
            .scratchBytes = workspace.scratchBytes(),
            .kept = [&workspace](const std::string& name, std::uint64_t bytes,
                                 const compute::Filler& make) -> Result<std::shared_ptr<const std::byte>> {
                auto block = workspace.kept(name, bytes, make);
                if (!block) return block.error();
                const auto owner = std::make_shared<Block>(std::move(*block));
                return std::shared_ptr<const std::byte>(owner, owner->data());
            },
            .remark = [&workspace](const std::string& text) { workspace.remark(text); }};
}

} // namespace lazulite::ops
