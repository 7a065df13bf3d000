#include "session/opener.h"

#include <QMetaObject>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "widgets/text.h"

namespace lazulite::gui {

struct Opener::Outcome {
    std::optional<Recording> recording;
    WindowOptions options;
    Error error;
};

namespace {

QString titleOf(const io::FileSeries& series) {
    const std::filesystem::path path(series.location());
    const std::string name = path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
    return pathToQString(name.empty() ? series.location() : name);
}

Recording openSeries(std::vector<std::string> paths, const io::SeriesOptions& options, const WindowOptions& wanted) {
    Recording recording;
    recording.series = io::FileSeries::open(paths, options, recording.opening);
    recording.array = graph::LazyArray::fromSource(recording.series->source());
    if (!wanted.channelAxis.empty()) recording.array = withChannelAxis(recording.array, wanted.channelAxis);
    const std::size_t copies = recording.series->pyramidLevels().size();
    for (std::size_t i = 0; i < copies; ++i) {
        const auto source = recording.series->levelSource(static_cast<int>(i));
        recording.reduced.push_back(graph::LazyArray::fromSource(source));
    }
    if (!wanted.pipeline.empty()) {
        recording.pipeline =
            loadPipeline(wanted.pipeline, {recording.array, recording.series->scanSettings(), wanted.memoryLimit});
    }
    recording.holes = recording.series->holes(Recording::kMostHoles);
    recording.title = titleOf(*recording.series);
    recording.paths = std::move(paths);
    recording.options = options;
    recording.options.onListed = nullptr;
    recording.options.stop = {};
    return recording;
}

} // namespace

Opener::Opener(QObject* parent) : QObject(parent) {}

Opener::~Opener() {
    for (Worker& worker : workers_) worker.thread.request_stop();
}

void Opener::open(std::vector<std::string> paths, const WindowOptions& options) {
    for (Worker& worker : workers_) worker.thread.request_stop();
    const std::uint64_t run = ++run_;
    busy_ = true;
    emit started(paths.empty() ? QString() : pathToQString(paths.front()));
    auto done = std::make_shared<std::atomic<bool>>(false);
    const auto work = [this, run, done, paths = std::move(paths), options](const std::stop_token& stop) {
        auto outcome = std::make_shared<Outcome>();
        outcome->options = options;
        io::SeriesOptions series = options.series;
        series.stop = stop;
        series.onListed = [this, run](std::size_t names) {
            QMetaObject::invokeMethod(
                this,
                [this, run, names] {
                    if (run == run_ && busy_) emit listed(names);
                },
                Qt::QueuedConnection);
        };
        try {
            outcome->recording = openSeries(paths, series, options);
        } catch (const Failure& failure) {
            outcome->error = failure.error();
        } catch (const std::exception& problem) {
            outcome->error = Error{Error::Kind::BadArgument, problem.what(), {}, {}};
        }
        QMetaObject::invokeMethod(
            this, [this, run, outcome] { finish(run, *outcome); }, Qt::QueuedConnection);
        *done = true;
    };
    workers_.push_back({done, std::jthread(work)});
}

void Opener::cancel() {
    if (!busy_) return;
    for (Worker& worker : workers_) worker.thread.request_stop();
    ++run_;
    busy_ = false;
    emit cancelled();
}

void Opener::finish(std::uint64_t run, const Outcome& outcome) {
    std::erase_if(workers_, [](const Worker& worker) { return worker.done->load(); });
    if (run != run_) return;
    busy_ = false;
    if (outcome.recording)
        emit opened(*outcome.recording, outcome.options);
    else if (outcome.error.kind == Error::Kind::Cancelled)
        emit cancelled();
    else
        emit failed(outcome.error);
}

} // namespace lazulite::gui
