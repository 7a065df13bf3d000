// Drags through a pipeline (deskew, deconvolution, crop) in the real window: how long until something of a new
// timepoint is on screen, until its result is, and what a z step costs then. One JSON line a figure. Arguments: --data
// DIR with --pipeline FILE
// (else a sample recording is made by the program beside this one, and its pipeline is taken), --steps N, --memory 4G,
// --size 1400x900, --peer PYTHON (one with scipy, scikit-image and tifffile, which is timed beside it).
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <cstdlib>
#include <string>

#include "app/event_clock.h"
#include "app/ui_application.h"
#include "lazulite/core/units.h"
#include "sliders/tick_slider.h"
#include "window_probe.h"

namespace {

using namespace lazulite;
using bench::Samples;

struct Options {
    std::string data;
    std::string pipeline;
    int steps = 8;
    std::uint64_t memory = 0;
    QSize size{1400, 900};
    std::string peer; ///< a Python with scipy, scikit-image and tifffile
};

[[noreturn]] void refuse(const std::string& why) {
    std::fprintf(stderr, "bench_pipeline: %s\n", why.c_str());
    std::exit(2);
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (i + 1 >= argc) refuse(name + " needs a value");
        const std::string value = argv[i + 1];
        if (name == "--data")
            options.data = value;
        else if (name == "--pipeline")
            options.pipeline = value;
        else if (name == "--steps")
            options.steps = std::max(2, std::atoi(value.c_str()));
        else if (name == "--memory" && parseBytes(value))
            options.memory = *parseBytes(value);
        else if (name == "--size" && value.find('x') != std::string::npos)
            options.size = QSize(std::atoi(value.c_str()), std::atoi(value.c_str() + value.find('x') + 1));
        else if (name == "--peer")
            options.peer = value;
        else
            refuse("what is " + name + " " + value + "?");
    }
    return options;
}

/// A sample recording of stacks of 64 x 256 x 280, as the budgets are told for.
void makeSample(const QString& folder, int timepoints) {
    const QString program = QFileInfo(QStringLiteral("/proc/self/exe")).canonicalPath() + "/lazulite";
    QProcess sample;
    sample.start(program, {"sample", folder, "--timepoints", QString::number(timepoints)});
    constexpr int kPatienceMs = 300000;
    if (!sample.waitForFinished(kPatienceMs) || sample.exitCode() != 0) {
        refuse("no sample could be made by " + program.toStdString());
    }
}

/// The seconds that a Python chain takes for one stack of the sample.
double secondsOfPeer(const Options& options) {
    const QDir folder(QString::fromStdString(options.data));
    const QStringList stacks = folder.entryList({QStringLiteral("*_ch0_stack0001_*.tif")});
    const QString script = QStringLiteral(LAZULITE_PEER_SCRIPT);
    QProcess peer;
    peer.start(QString::fromStdString(options.peer),
               {script, folder.filePath(stacks.value(0)), folder.filePath(QStringLiteral("psf/psf_488nm.tif"))});
    constexpr int kPatienceMs = 300000;
    if (!peer.waitForFinished(kPatienceMs) || peer.exitCode() != 0) refuse("the peer did not run");
    return peer.readAllStandardOutput().trimmed().toDouble();
}

class Drag {
public:
    explicit Drag(gui::MainWindow& window) : window_(window), watch_(window) {}

    gui::TickSlider* slider(const char* axis) const {
        return window_.findChild<gui::TickSlider*>(QStringLiteral("slider_") + QLatin1String(axis));
    }

    struct Reaction {
        double handler = 0;
        double first = 0; ///< something of that position is on screen
        double whole = 0; ///< its result is
    };
    Reaction moveTo(gui::TickSlider& slider, int position) {
        Reaction reaction;
        watch_.start();
        slider.setValue(position);
        reaction.handler = watch_.elapsed();
        reaction.first = watch_.awaitShown();
        reaction.whole = watch_.awaitWhole();
        if (reaction.first < 0 || reaction.whole < 0) refuse("a position was not shown within a minute");
        return reaction;
    }

private:
    gui::MainWindow& window_;
    bench::ScreenWatch watch_;
};

} // namespace

int main(int argc, char** argv) {
    Options options = parse(argc, argv);
    const QTemporaryDir made;
    if (options.data.empty()) {
        options.data = made.filePath(QStringLiteral("sample")).toStdString();
        makeSample(QString::fromStdString(options.data), options.steps + 1);
        if (options.pipeline.empty()) options.pipeline = options.data + "/lattice.toml";
    }
    if (!gui::UiApplication::displayFound(argc, argv)) return gui::kExitNoDisplay;
    gui::UiApplication::prepare();
    gui::UiApplication application(argc, argv);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, made.filePath(QStringLiteral("settings")));

    gui::WindowOptions window;
    window.paths = {options.data};
    window.pipeline = options.pipeline;
    window.memoryLimit = options.memory;
    gui::MainWindow main(window);
    main.resize(options.size);
    bench::ScreenWatch opening(main);
    main.show();
    if (!bench::runUntil([&] { return main.session().hasData(); }) || opening.awaitShown() < 0) {
        refuse("nothing was shown of " + options.data);
    }
    bench::print("pipeline", "window to the first pixels", opening.elapsed(), "ms");
    opening.awaitWhole();
    bench::print("pipeline", "window to the first result", opening.elapsed(), "ms");
    main.session().setPrefetch(false);

    Drag drag(main);
    gui::TickSlider* t = drag.slider("t");
    gui::TickSlider* z = drag.slider("z");
    if (t == nullptr || z == nullptr) refuse(options.data + " has no sliders t and z");
    t->setValue(0);
    opening.awaitWhole();
    QTest::qWait(500);

    gui::EventClock::instance().reset();
    Samples handlers;
    Samples firsts;
    Samples wholes;
    for (int position = 1; position <= std::min(options.steps, t->maximum()); ++position) {
        const Drag::Reaction reaction = drag.moveTo(*t, position);
        handlers.add(reaction.handler);
        firsts.add(reaction.first);
        wholes.add(reaction.whole);
    }
    handlers.report("pipeline", "t step handler");
    firsts.report("pipeline", "t step to something of it on screen");
    wholes.report("pipeline", "t step to the result on screen");
    if (!options.peer.empty()) {
        const double peer = secondsOfPeer(options);
        const auto channels = static_cast<double>(main.session().state().channels.size());
        bench::print("pipeline", "scipy and scikit-image, one stack", peer, "s");
        bench::print("pipeline", "scipy and scikit-image / t step to the result on screen, one stack",
                     1000 * peer * channels / wholes.at(0.5), "ratio");
    }

    Samples steps;
    const graph::Costs before = main.session().executor().ledger().totals();
    for (int i = 0; i < 30; ++i) steps.add(drag.moveTo(*z, (z->value() + 1) % (z->maximum() + 1)).whole);
    steps.report("pipeline", "z step in a computed volume to pixels");
    const graph::Costs after = main.session().executor().ledger().totals();
    bench::print("pipeline", "bytes read by the z steps", double(after.reads.bytesRead - before.reads.bytesRead),
                 "bytes");

    Samples back;
    for (int position = t->value() - 1; position > t->value() - 4 && position >= 0; --position) {
        back.add(drag.moveTo(*t, position).whole);
    }
    back.report("pipeline", "t step to a computed volume to pixels");
    bench::print("pipeline", "longest paint", gui::EventClock::instance().longestPaint(), "ms");
    const auto usage = main.session().executor().memory().usage();
    bench::print("pipeline", "peak of the memory budget", double(usage.peak), "bytes");
    bench::print("pipeline", "peak memory of the process", bench::statusBytes("VmHWM"), "bytes");
    return 0;
}
