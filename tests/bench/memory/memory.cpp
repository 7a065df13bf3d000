// A full drag of the real window through a sparse recording of 100 GB (100 stacks of 128 x 2048 x 2048 uint16): does
// the memory budget hold, and what does the process take? One JSON line a figure. Arguments: --stacks N, --memory 1G,
// --dir FOLDER (on a file system with sparse files).
#include <QSettings>
#include <QTemporaryDir>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/ui_application.h"
#include "lazulite/core/units.h"
#include "sliders/tick_slider.h"
#include "window_probe.h"

namespace {

using namespace lazulite;

constexpr std::uint32_t kPlanes = 128;
constexpr std::uint32_t kSide = 2048;

/// A header with one IFD as ImageJ writes it for stacks; the planes that follow are a hole in the file.
void writeSparseStack(const std::string& path) {
    const std::string description = "ImageJ=1.53t\nimages=128\nslices=128\n";
    std::string head("II*\0\x08\0\0\0", 8);
    const auto u16 = [&](std::uint16_t value) { head.append(reinterpret_cast<const char*>(&value), 2); };
    const auto u32 = [&](std::uint32_t value) { head.append(reinterpret_cast<const char*>(&value), 4); };
    constexpr std::uint16_t kEntries = 10;
    constexpr std::uint32_t kAfter = 8 + 2 + kEntries * 12 + 4;
    constexpr std::uint32_t kPixels = 4096;
    const auto entry = [&](std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::uint32_t value) {
        u16(tag);
        u16(type);
        u32(count);
        u32(value);
    };
    u16(kEntries);
    entry(256, 4, 1, kSide);
    entry(257, 4, 1, kSide);
    entry(258, 3, 1, 16);
    entry(259, 3, 1, 1);
    entry(262, 3, 1, 1);
    entry(270, 2, static_cast<std::uint32_t>(description.size() + 1), kAfter);
    entry(273, 4, 1, kPixels);
    entry(277, 3, 1, 1);
    entry(278, 4, 1, kSide);
    entry(279, 4, 1, kSide * kSide * 2);
    u32(0);
    head += description;
    std::ofstream(path, std::ios::binary) << head << '\0';
    std::filesystem::resize_file(path, kPixels + std::uintmax_t{kPlanes} * kSide * kSide * 2);
}

} // namespace

int main(int argc, char** argv) {
    int stacks = 100;
    std::uint64_t memory = 1ULL << 30U;
    std::string parent = std::filesystem::temp_directory_path().string();
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--stacks") stacks = std::max(2, std::atoi(argv[i + 1]));
        if (name == "--memory" && parseBytes(argv[i + 1])) memory = *parseBytes(argv[i + 1]);
        if (name == "--dir") parent = argv[i + 1];
    }
    const QTemporaryDir folder(QString::fromStdString(parent + "/lazulite-memory-XXXXXX"));
    if (!folder.isValid()) {
        std::fprintf(stderr, "bench_memory: no folder can be made in %s\n", parent.c_str());
        return 2;
    }
    for (int t = 0; t < stacks; ++t)
        writeSparseStack(
            folder.filePath(QStringLiteral("stack_t%1.tif").arg(t, 4, 10, QLatin1Char('0'))).toStdString());

    if (!gui::UiApplication::displayFound(argc, argv)) return gui::kExitNoDisplay;
    gui::UiApplication::prepare();
    gui::UiApplication application(argc, argv);
    const QTemporaryDir settings;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    gui::WindowOptions options;
    options.paths = {folder.path().toStdString()};
    options.memoryLimit = memory;
    gui::MainWindow window(options);
    window.resize(1400, 900);
    window.show();
    bench::ScreenWatch watch(window);
    if (!bench::runUntil([&] { return window.session().hasData(); }) || watch.awaitShown() < 0) {
        std::fprintf(stderr, "bench_memory: nothing was shown\n");
        return 1;
    }
    const double opened = bench::statusBytes("VmRSS");
    bench::Samples pixels;
    for (const char* axis : {"t", "z"}) {
        auto* slider = window.findChild<gui::TickSlider*>(QStringLiteral("slider_%1").arg(QLatin1String(axis)));
        if (slider == nullptr) return 1;
        for (int i = 0; i <= slider->maximum(); ++i) {
            watch.start();
            slider->setValue(i);
            const double shown = watch.awaitShown();
            if (shown < 0) return 1;
            pixels.add(shown);
        }
    }
    const auto usage = window.session().executor().memory().usage();
    const auto totals = window.session().executor().ledger().totals();
    bench::print("memory", "recording", double(window.session().recording().array.bytes()), "bytes");
    bench::print("memory", "budget", double(usage.limit), "bytes");
    bench::print("memory", "peak of the budget", double(usage.peak), "bytes");
    bench::print("memory", "process before the drag", opened, "bytes");
    bench::print("memory", "peak of the process", bench::statusBytes("VmHWM"), "bytes");
    bench::print("memory", "bytes read", double(totals.reads.bytesRead), "bytes");
    pixels.report("memory", "step to painted pixels");
    return usage.peak <= usage.limit ? 0 : 1;
}
