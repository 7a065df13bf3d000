// Dragging the contrast of three 2048 x 2048 uint16 channels in a 1024 x 768 window: what a frame costs, beside a
// repaint of the same window in which nothing changed. One JSON line a figure.
#include <fmt/format.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "lazulite/render/slice_scene.h"
#include "lazulite/view/compose.h"
#include "lazulite/view/viewer.h"

namespace {

using namespace lazulite;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kSide = 2048;
constexpr int kWidth = 1024;
constexpr int kHeight = 768;
constexpr int kFrames = 100;

/// A camera's picture: an offset, noise, and bright spots.
Block channel(unsigned seed) {
    const auto count = static_cast<std::size_t>(kSide * kSide);
    std::shared_ptr<std::byte> data(new std::byte[count * 2], std::default_delete<std::byte[]>());
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t bits = random();
        const std::uint32_t spot = (bits >> 20U) == 0 ? (bits & 0x3FFFU) : 0;
        const auto value = static_cast<std::uint16_t>(100 + (bits & 0xFFU) + spot);
        std::memcpy(data.get() + 2 * i, &value, 2);
    }
    return {data, DType::UInt16, Region::whole({kSide, kSide})};
}

struct Times {
    double p50;
    double p95;
};

Times measure(const std::function<void(int)>& frame) {
    std::vector<double> times;
    for (int i = 0; i < kFrames; ++i) {
        const auto start = Clock::now();
        frame(i);
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times[times.size() * 95 / 100]};
}

void print(const std::string& name, double value, const char* unit) {
    fmt::print("{{\"bench\":\"contrast\",\"name\":\"{}\",\"value\":{:.4g},\"unit\":\"{}\"}}\n", name, value, unit);
}

void print(const std::string& name, const Times& times) {
    print(name + "_p50", times.p50, "ms");
    print(name + "_p95", times.p95, "ms");
}

} // namespace

int main() {
    const Axes axes{{"c", 3, 1, "", {}}, {"y", kSide, 1, "", {}}, {"x", kSide, 1, "", {}}};
    const std::vector<Block> planes{channel(1), channel(2), channel(3)};
    view::ViewState state = view::ViewState::startFor(axes);
    const view::PlaneTransform transform = view::planeTransform(state, axes, kWidth, kHeight);

    const auto compose = [&](int frame, view::Interpolation interpolation) {
        std::vector<view::Layer> layers;
        for (std::size_t i = 0; i < planes.size(); ++i) {
            state.channels[i].limits = {100.0, 400.0 + frame};
            layers.push_back({planes[i], view::ColourScale(state.channels[i])});
        }
        auto picture = std::make_shared<view::Picture>();
        static std::vector<std::shared_ptr<std::uint8_t>> buffers(2);
        auto& buffer = buffers[static_cast<std::size_t>(frame) % buffers.size()];
        if (!buffer) buffer.reset(new std::uint8_t[kWidth * kHeight * 4], std::default_delete<std::uint8_t[]>());
        view::compose(layers, transform, interpolation, kWidth, kHeight, buffer.get());
        picture->width = kWidth;
        picture->height = kHeight;
        picture->rgba = buffer;
        return picture;
    };

    render::SliceScene scene;
    vtkNew<vtkRenderWindow> window;
    window->SetMultiSamples(0);
    window->SetSize(kWidth, kHeight);
    window->AddRenderer(scene.renderer());
    const auto paint = [&] {
        window->Render();
        window->WaitForCompletion();
    };
    scene.setPicture(compose(0, view::Interpolation::Nearest));
    paint();
    paint();

    const Times repaint = measure([&](int) { paint(); });
    const Times frame = measure([&](int i) {
        scene.setPicture(compose(i, view::Interpolation::Nearest));
        paint();
    });
    print("compose_nearest", measure([&](int i) { compose(i, view::Interpolation::Nearest); }));
    print("compose_linear", measure([&](int i) { compose(i, view::Interpolation::Linear); }));
    print("unchanged_repaint", repaint);
    print("compose_and_paint", frame);
    print("compose_and_paint_rate", 1000 / frame.p50, "frames/s");
    print("compose_and_paint_by_unchanged_repaint", frame.p50 / repaint.p50, "ratio");
    return 0;
}
