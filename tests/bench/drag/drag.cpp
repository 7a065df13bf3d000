// Drags a slider of the real window: how long the handlers take, when the block is there, when its pixels are on
// screen, beside an unchanged repaint of the same window. One JSON line a figure. Arguments: --data DIR (else a
// synthetic recording is made), --axis t|z, --steps N, --pattern step|burst, --no-prefetch,
// --memory 1G, --size 1400x900.
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "app/event_clock.h"
#include "app/ui_application.h"
#include "lazulite/core/units.h"
#include "lazulite/io/tiff_writer.h"
#include "sliders/tick_slider.h"
#include "window_probe.h"

namespace {

using namespace lazulite;
using bench::Samples;

struct Options {
    std::string data;
    std::string axis = "t";
    int steps = 100;
    bool burst = false;
    bool prefetch = true;
    std::uint64_t memory = 0;
    QSize size{1400, 900};
};

Options parse(int argc, char** argv) {
    Options options;
    const auto refuse = [](const std::string& why) {
        std::fprintf(stderr, "bench_drag: %s\n", why.c_str());
        std::exit(2);
    };
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--no-prefetch") {
            options.prefetch = false;
            continue;
        }
        if (i + 1 >= argc) refuse(name + " needs a value");
        const std::string value = argv[++i];
        if (name == "--data")
            options.data = value;
        else if (name == "--axis")
            options.axis = value;
        else if (name == "--steps")
            options.steps = std::max(1, std::atoi(value.c_str()));
        else if (name == "--pattern" && (value == "step" || value == "burst"))
            options.burst = value == "burst";
        else if (name == "--memory" && parseBytes(value))
            options.memory = *parseBytes(value);
        else if (name == "--size" && value.find('x') != std::string::npos) {
            options.size = QSize(std::atoi(value.c_str()), std::atoi(value.c_str() + value.find('x') + 1));
        } else {
            refuse("what is " + name + " " + value + "?");
        }
    }
    return options;
}

/// 40 stacks of 64 x 256 x 280 uint16, as the lattice light-sheet recordings of the budgets are.
void writeRecording(const std::string& folder) {
    constexpr std::int64_t kDepth = 64;
    constexpr std::int64_t kRows = 256;
    constexpr std::int64_t kColumns = 280;
    const auto count = static_cast<std::size_t>(kDepth * kRows * kColumns);
    auto data = std::shared_ptr<std::byte[]>(new std::byte[count * 2]);
    for (int t = 0; t < 40; ++t) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto value =
                static_cast<std::uint16_t>(100 + (i * 2654435761U >> 24U) % 800 + 5 * static_cast<unsigned>(t));
            std::memcpy(data.get() + 2 * i, &value, sizeof value);
        }
        io::TiffWriteOptions options;
        options.height = kRows;
        options.width = kColumns;
        io::TiffWriter writer(folder + "/stack_t" + std::to_string(t) + ".tif", options);
        writer.append(Block(std::shared_ptr<const std::byte>(data, data.get()), DType::UInt16,
                            Region::whole({kDepth, kRows, kColumns})));
        writer.finish();
    }
}

/// Brings the files into the page cache, as the budgets ask.
void warm(const std::string& folder) {
    std::vector<char> buffer(1U << 20U);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()))) {
        }
    }
}

void reportLedger(const std::string& what, const graph::Costs& before, const graph::Costs& after) {
    bench::print("drag", what + " files opened", double(after.reads.filesOpened - before.reads.filesOpened), "");
    bench::print("drag", what + " pages read", double(after.reads.pagesRead - before.reads.pagesRead), "");
    bench::print("drag", what + " bytes read", double(after.reads.bytesRead - before.reads.bytesRead), "bytes");
    bench::print("drag", what + " cancelled", double(after.cancelled - before.cancelled), "");
}

class Drag {
public:
    Drag(gui::MainWindow& window, const Options& options)
        : window_(window),
          options_(options),
          watch_(window),
          slider_(window.findChild<gui::TickSlider*>(QString::fromStdString("slider_" + options.axis))) {}

    bool possible() const { return slider_ != nullptr && slider_->maximum() > 0; }

    Samples repaints(QWidget& widget) {
        Samples samples;
        for (int i = 0; i < 60; ++i) samples.add(watch_.repaint(widget));
        return samples;
    }

    /// Each step waits for its pixels.
    void step() {
        int direction = 1;
        const std::int64_t frames = watch_.frames();
        for (int i = 0; i < options_.steps; ++i) {
            const int next = slider_->value() + direction;
            if (next > slider_->maximum() || next < 0) direction = -direction;
            if (!move(slider_->value() + direction)) return;
        }
        frames_ = static_cast<double>(watch_.frames() - frames) / options_.steps;
    }

    /// 25 changes within a second, then the pixels of the last one.
    void burst() {
        constexpr int kChanges = 25;
        constexpr int kEveryMs = 40;
        const std::int64_t frames = watch_.frames();
        for (int round = 0; round < std::max(1, options_.steps / kChanges); ++round) {
            for (int i = 0; i + 1 < kChanges; ++i) {
                QElapsedTimer timer;
                timer.start();
                slider_->setValue((slider_->value() + 7) % (slider_->maximum() + 1));
                handlers_.add(bench::milliseconds(timer));
                QTest::qWait(kEveryMs);
            }
            if (!move((slider_->value() + 7) % (slider_->maximum() + 1))) return;
        }
        frames_ = static_cast<double>(watch_.frames() - frames) / (kChanges * std::max(1, options_.steps / kChanges));
    }

    void report(const std::string& what, double repaint) const {
        handlers_.report("drag", what + " handler");
        blocks_.report("drag", what + " to the block");
        pixels_.report("drag", what + " to painted pixels");
        bench::print("drag", what + " painted pixels p50 of an unchanged repaint",
                     repaint > 0 ? pixels_.at(0.5) / repaint : 0, "x");
        bench::print("drag", what + " frames painted for a change", frames_, "");
    }

private:
    bool move(int position) {
        watch_.start();
        slider_->setValue(position);
        handlers_.add(watch_.elapsed());
        const double shown = watch_.awaitShown();
        if (shown < 0) return false;
        pixels_.add(shown);
        blocks_.add(window_.session().pictureCosts().milliseconds);
        return true;
    }

    gui::MainWindow& window_;
    const Options& options_;
    bench::ScreenWatch watch_;
    gui::TickSlider* slider_;
    Samples handlers_;
    Samples blocks_;
    Samples pixels_;
    double frames_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    const double startupBefore = bench::sinceProcessStart();
    const Options options = parse(argc, argv);
    const QTemporaryDir made;
    std::string data = options.data;
    if (data.empty()) {
        data = made.path().toStdString();
        writeRecording(data);
    }
    warm(data);
    const double prepared = bench::sinceProcessStart();

    if (!gui::UiApplication::displayFound(argc, argv)) return gui::kExitNoDisplay;
    gui::UiApplication::prepare();
    QElapsedTimer start;
    start.start();
    gui::UiApplication application(argc, argv);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, made.filePath(QStringLiteral("settings")));
    gui::WindowOptions window;
    window.paths = {data};
    window.memoryLimit = options.memory;
    gui::MainWindow main(window);
    main.resize(options.size);
    main.show();
    bench::ScreenWatch first(main);
    if (!bench::runUntil([&] { return main.session().hasData(); }) || first.awaitShown() < 0) {
        std::fprintf(stderr, "bench_drag: nothing was shown of %s\n", data.c_str());
        return 1;
    }
    bench::print("drag", "application start to the first pixels", bench::milliseconds(start), "ms");
    bench::print("drag", "process start to the first pixels (less what this benchmark prepared)",
                 bench::sinceProcessStart() - prepared + startupBefore, "ms");
    main.session().setPrefetch(options.prefetch);
    QTest::qWait(500); // contrast samples and fonts settle

    Drag drag(main, options);
    if (!drag.possible()) {
        std::fprintf(stderr, "bench_drag: %s has no slider for the axis %s\n", data.c_str(), options.axis.c_str());
        return 2;
    }
    const Samples repaints = drag.repaints(main);
    repaints.report("drag", "unchanged repaint of the window");
    drag.repaints(main.canvas()).report("drag", "unchanged repaint of the canvas");
    const graph::Costs before = main.session().executor().ledger().totals();
    gui::EventClock::instance().reset();
    const std::string what = options.axis + (options.burst ? " burst" : " step");
    if (options.burst)
        drag.burst();
    else
        drag.step();
    drag.report(what, repaints.at(0.5));
    const auto& clock = gui::EventClock::instance();
    gui::EventClock::Handler longest;
    for (const auto& handler : clock.slow()) {
        const bool ours = handler.receiver != QLatin1String("QObject"); // that is the watch, waiting for the screen
        if (ours && handler.milliseconds > longest.milliseconds) longest = handler;
    }
    bench::print("drag", what + " longest handler of any event (0: below 2)", longest.milliseconds, "ms");
    bench::print("drag", what + " longest paint", clock.longestPaint(), "ms");
    reportLedger(what, before, main.session().executor().ledger().totals());
    bench::print("drag", "peak of the memory budget", double(main.session().executor().memory().usage().peak), "bytes");
    bench::print("drag", "peak memory of the process", bench::statusBytes("VmHWM"), "bytes");
    return 0;
}
