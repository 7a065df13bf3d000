// Drags the contrast of three 2048 x 2048 uint16 channels in the real window: what a frame costs from the changed
// limits to painted pixels, beside an unchanged repaint of its canvas. One JSON line a figure. Argument: --size
// 1400x900.
#include <QSettings>
#include <QTemporaryDir>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "app/ui_application.h"
#include "lazulite/io/tiff_writer.h"
#include "window_probe.h"

namespace {

using namespace lazulite;

constexpr std::int64_t kSide = 2048;
constexpr int kFrames = 100;

/// A camera's picture: an offset, noise, and bright spots.
void writeChannel(const std::string& path, unsigned seed) {
    const auto count = static_cast<std::size_t>(kSide * kSide);
    std::shared_ptr<std::byte[]> data(new std::byte[count * 2]);
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = static_cast<std::uint32_t>(random());
        const std::uint32_t spot = (bits >> 20U) == 0 ? (bits & 0x3FFFU) : 0;
        const auto value = static_cast<std::uint16_t>(100 + (bits & 0xFFU) + spot);
        std::memcpy(data.get() + 2 * i, &value, sizeof value);
    }
    io::TiffWriteOptions options;
    options.height = kSide;
    options.width = kSide;
    io::TiffWriter writer(path, options);
    writer.append(
        Block(std::shared_ptr<const std::byte>(data, data.get()), DType::UInt16, Region::whole({1, kSide, kSide})));
    writer.finish();
}

/// Sets the limits of every channel and waits until a picture with them was painted; milliseconds, negative after a
/// minute.
double drag(gui::MainWindow& window, bench::ScreenWatch& watch, double high) {
    gui::Session& session = window.session();
    watch.start();
    session.edit([high](view::ViewState& state) {
        for (view::ChannelSettings& channel : state.channels) {
            channel.limits = {100, high};
            channel.provisional = false;
        }
    });
    const std::int64_t frames = watch.frames();
    const bool shown = bench::runUntil(
        [&] { return watch.frames() > frames && session.picture()->state.channels.front().limits[1] == high; });
    return shown ? watch.elapsed() : -1;
}

} // namespace

int main(int argc, char** argv) {
    QSize size(1400, 900);
    if (argc == 3 && std::string(argv[1]) == "--size") {
        const std::string text = argv[2];
        size = QSize(std::atoi(text.c_str()), std::atoi(text.c_str() + text.find('x') + 1));
    }
    if (!gui::UiApplication::displayFound(argc, argv)) return gui::kExitNoDisplay;
    const QTemporaryDir made;
    for (unsigned c = 0; c < 3; ++c) {
        writeChannel(made.filePath(QStringLiteral("plane_ch%1.tif").arg(c)).toStdString(), c + 1);
    }
    gui::UiApplication::prepare();
    gui::UiApplication application(argc, argv);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, made.filePath(QStringLiteral("settings")));
    gui::WindowOptions options;
    options.paths = {made.path().toStdString()};
    gui::MainWindow window(options);
    window.resize(size);
    window.show();
    bench::ScreenWatch watch(window);
    if (!bench::runUntil([&] { return window.session().hasData(); }) || watch.awaitShown() < 0) {
        std::fprintf(stderr, "bench_contrast: nothing was shown\n");
        return 1;
    }
    QTest::qWait(500); // fonts and histograms settle

    bench::Samples repaints;
    for (int i = 0; i < kFrames; ++i) repaints.add(watch.repaint(window.canvas()));
    bench::Samples frames;
    for (int i = 0; i < kFrames; ++i) frames.add(drag(window, watch, 400 + i));
    repaints.report("contrast", "unchanged repaint of the canvas");
    frames.report("contrast", "limits to painted pixels");
    bench::print("contrast", "limits to painted pixels p50 of an unchanged repaint", frames.at(0.5) / repaints.at(0.5),
                 "x");
    bench::print("contrast", "rate", 1000 / frames.at(0.5), "frames/s");
    return 0;
}
