#include "picture_maker.h"

#include <oneapi/tbb/parallel_for.h>

#include "lazulite/view/compose.h"
#include "pyramid.h"

namespace lazulite::view {

namespace {

/// Enough for percentiles that no eye can tell from exact ones, at a fraction of the time of composing.
constexpr std::int64_t kSamples = std::int64_t{1} << 17;

bool sameValues(const Block& a, const Block& b) {
    return a.data() == b.data() && a.dtype() == b.dtype() && a.region() == b.region() && a.strides() == b.strides();
}

} // namespace

void PictureMaker::examine(const Frame& frame) {
    examined_.resize(frame.slices.size());
    arena_.execute([&] {
        oneapi::tbb::parallel_for(std::size_t{0}, frame.slices.size(), [&](std::size_t i) {
            const Block& plane = frame.slices[i].plane;
            Examined& known = examined_[i];
            if (sameValues(known.plane, plane)) return;
            known.plane = plane;
            const auto found = statisticsOf(plane, kSamples);
            known.statistics = found ? std::make_shared<const Statistics>(*found) : nullptr;
        });
    });
}

std::shared_ptr<const Statistics> PictureMaker::statistics(std::size_t channel) const {
    return channel < examined_.size() ? examined_[channel].statistics : nullptr;
}

std::shared_ptr<Picture> PictureMaker::make(const Frame& frame, ViewState state, int width, int height) {
    const Axes& axes = frame.target.array.axes();
    if (state.camera2d.fitted) state.camera2d = fitCamera(state, axes, width, height);
    auto picture = std::make_shared<Picture>();
    picture->width = width;
    picture->height = height;
    picture->planeSize = {axes[frame.target.rowAxis()].size, axes[frame.target.columnAxis()].size};
    picture->step = frame.target.step();
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < frame.slices.size(); ++i) {
        ChannelSlice slice;
        slice.block = frame.slices[i].plane;
        slice.error = frame.slices[i].error;
        slice.preview = frame.slices[i].preview;
        if (const auto known = statistics(i)) slice.histogram = {known, &known->histogram};
        if (slice.block && state.channels[i].visible) layers.push_back({slice.block, ColourScale(state.channels[i])});
        picture->slices.push_back(std::move(slice));
    }
    const auto rgba = pool_.take(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    const PlaneTransform transform = overCopy(planeTransform(state, axes, width, height), picture->step);
    arena_.execute([&] { compose(layers, transform, state.interpolation, width, height, rgba.get()); });
    picture->rgba = rgba;
    picture->state = std::move(state);
    return picture;
}

std::array<double, 2> startLimits(const Statistics& statistics, const Block& plane) {
    if (plane.region().rank() > 2 && plane.dtype() == DType::UInt8) return {0, 255};
    return statistics.percentiles;
}

} // namespace lazulite::view
