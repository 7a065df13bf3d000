#include "cut.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lazulite/core/error.h"
#include "values.h"

namespace lazulite::cli {
namespace {

constexpr const char* kColourSamples = "s"; ///< belongs to a pixel, so it is written with it

std::vector<std::size_t> keptAxes(const Axes& axes, const SliceOptions& options) {
    const auto require = [&](const char* name, const char* option) { return requireAxis(axes, name, option); };
    std::vector<std::size_t> kept;
    switch (options.extent) {
        case SliceOptions::Extent::All:
            for (std::size_t i = 0; i < axes.size(); ++i) kept.push_back(i);
            return kept;
        case SliceOptions::Extent::Volume:
            kept = {require("z", "--volume"), require("y", "--volume"), require("x", "--volume")};
            std::sort(kept.begin(), kept.end());
            break;
        case SliceOptions::Extent::Plane: {
            const auto plane = parsePlane(axes, options.plane.empty() ? "yx" : options.plane);
            kept.assign(plane.begin(), plane.end());
            break;
        }
    }
    const bool samplesAsked = std::any_of(options.at.begin(), options.at.end(),
                                          [](const Assignment& at) { return at.axis == kColourSamples; });
    const auto samples = findAxis(axes, kColourSamples);
    if (samples && !samplesAsked && std::find(kept.begin(), kept.end(), *samples) == kept.end())
        kept.push_back(*samples);
    return kept;
}

} // namespace

Axes Cut::axesOf(const Axes& axes) const {
    Axes result;
    for (const std::size_t index : kept) {
        Axis axis = axes[index];
        const Interval& range = region[index];
        axis.size = range.size();
        if (!axis.labels.empty()) {
            axis.labels = {axis.labels.begin() + range.begin, axis.labels.begin() + range.end};
        }
        result.push_back(std::move(axis));
    }
    return result;
}

Block Cut::applyTo(const Block& block) const {
    std::vector<Interval> intervals;
    Strides strides;
    for (const std::size_t index : kept) {
        intervals.push_back({0, region[index].size()});
        strides.push_back(block.strides()[index]);
    }
    return block.relabelled(Region(std::move(intervals)), std::move(strides));
}

Cut cutFor(const Axes& axes, const SliceOptions& options) {
    Cut cut;
    cut.kept = keptAxes(axes, options);
    const auto isKept = [&](std::size_t axis) {
        return std::find(cut.kept.begin(), cut.kept.end(), axis) != cut.kept.end();
    };
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::int64_t middle = axes[i].size / 2;
        intervals.push_back(isKept(i) ? Interval{0, axes[i].size} : Interval{middle, middle + 1});
    }
    for (const Assignment& at : options.at) {
        const std::size_t axis = requireAxis(axes, at.axis, "--at");
        const std::int64_t index = parseIndex(axes[axis], at.value, "--at");
        if (isKept(axis)) {
            throw Failure(
                fmt::format("--at: {} is written whole, so {}={} chooses nothing; use --region {}={}:{} for a part",
                            at.axis, at.axis, at.value, at.axis, index, index + 1));
        }
        intervals[axis] = {index, index + 1};
    }
    for (const Assignment& part : options.region) {
        const std::size_t axis = requireAxis(axes, part.axis, "--region");
        if (!isKept(axis)) {
            throw Failure(
                fmt::format("--region: {} is not among the axes that are written; choose a place with --at {}=..., or "
                            "write more with --volume or --all",
                            part.axis, part.axis));
        }
        intervals[axis] = parseRange(axes[axis], part.value, "--region");
    }
    cut.region = Region(std::move(intervals));
    return cut;
}

} // namespace lazulite::cli
