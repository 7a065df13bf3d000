#include "runner.h"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lazulite::batch {

namespace {

/// So much is compressed and written before the stop token is looked at and progress is told.
constexpr std::uint64_t kPortion = std::uint64_t{8} << 20U;

Sink::ForEach onThreads(int threads) {
    const int automatic = oneapi::tbb::task_arena::automatic;
    const auto arena = std::make_shared<oneapi::tbb::task_arena>(threads > 0 ? threads : automatic);
    return [arena](std::size_t count, const std::function<void(std::size_t)>& task) {
        arena->execute([&] { oneapi::tbb::parallel_for(std::size_t{0}, count, task); });
    };
}

/// Boxes of about kPortion bytes that make up a region, in row-major order: slices of its first axis that is longer
/// than 1.
std::vector<Region> portionsOf(const Region& region, std::size_t elementBytes) {
    std::size_t axis = 0;
    while (axis + 1 < region.rank() && region[axis].size() == 1) ++axis;
    const std::uint64_t bytes = static_cast<std::uint64_t>(region.elementCount()) * elementBytes;
    const std::uint64_t slice = std::max<std::uint64_t>(1, bytes / static_cast<std::uint64_t>(region[axis].size()));
    const auto wide = static_cast<std::int64_t>(std::max<std::uint64_t>(1, kPortion / slice));
    std::vector<Region> portions;
    for (std::int64_t begin = region[axis].begin; begin < region[axis].end; begin += wide) {
        portions.push_back(region);
        portions.back()[axis] = {begin, std::min(begin + wide, region[axis].end)};
    }
    return portions;
}

Error missingFile(const Volume& volume) {
    return {Error::Kind::Missing, "no file holds " + volume.missing, {}, {}};
}

} // namespace

/// A piece that was asked for.
struct Runner::Job {
    Cursor cursor;
    Region region;
    bool last = false; ///< of its volume
    double bytes = 0;
    std::stop_source stop;
    std::optional<graph::Outcome> outcome;
    double computed = 0; ///< fraction
    double written = 0;

    /// Computing and writing count alike.
    double done() const { return bytes * (computed + written) / 2; }
};

Runner::Runner(graph::Executor& executor, const Layout& layout, const Provenance& provenance,
               const ExportOptions& options, const ExportControl& control, const Todo& todo)
    : executor_(executor),
      layout_(layout),
      provenance_(provenance),
      options_(options),
      control_(control),
      todo_(todo),
      cutting_(cuttingFor(layout, executor.memory().usage().limit, options.computing)),
      forEach_(onThreads(options.threads)),
      pace_(Pace::Clock::now()) {
    report_.kept = todo.kept;
    for (const std::size_t number : todo.volumes)
        totalBytes_ += static_cast<double>(layout.bytesOf(layout.volumes[number].region));
    keptBytes_ = static_cast<double>(layout.bytesOf(layout.volumes.front().region)) * static_cast<double>(todo.kept);
}

Runner::~Runner() {
    abandon();
}

ExportReport Runner::run() {
    tell(true);
    while (true) {
        askAhead();
        if (window_.empty()) break;
        const std::shared_ptr<Job> job = window_.front();
        if (!await(*job)) break;
        if (crowded(*job)) {
            startAgain();
            continue;
        }
        askAhead(); // so that something is computed while this is written
        take(*job);
        const std::lock_guard lock(mutex_);
        if (!control_.stop.stop_requested()) doneBytes_ += job->bytes;
        window_.pop_front();
    }
    report_.cancelled = !window_.empty() || sink_ || next_.volume < todo_.volumes.size();
    sink_.reset();
    abandon();
    tell(true);
    return std::move(report_);
}

/// Asks for pieces as long as there is room for them.
void Runner::askAhead() {
    while (true) {
        skipMissing();
        if (next_.volume == todo_.volumes.size() || control_.stop.stop_requested()) return;
        {
            const std::lock_guard lock(mutex_);
            const auto unanswered = static_cast<std::size_t>(std::count_if(
                window_.begin(), window_.end(), [](const auto& job) { return !job->outcome.has_value(); }));
            if (unanswered >= cutting_.computing || window_.size() >= cutting_.computing + cutting_.held) return;
        }
        if (next_.piece == 0 || pieces_.empty())
            pieces_ = piecesOf(volumeAt(next_.volume).region, layout_.outer, cutting_);
        const bool last = next_.piece + 1 == pieces_.size();
        ask(next_, pieces_[next_.piece], last);
        next_ = last ? Cursor{next_.volume + 1, 0} : Cursor{next_.volume, next_.piece + 1};
    }
}

/// Goes past volumes that lack a file and those that failed already.
void Runner::skipMissing() {
    while (next_.volume < todo_.volumes.size()) {
        if (failed_.contains(next_.volume)) {
            next_ = {next_.volume + 1, 0};
            continue;
        }
        const Volume& volume = volumeAt(next_.volume);
        if (volume.missing.empty() || options_.fillHoles) return;
        failVolume(next_.volume, missingFile(volume));
    }
}

void Runner::ask(const Cursor& cursor, const Region& region, bool last) {
    auto job = std::make_shared<Job>();
    job->cursor = cursor;
    job->region = region;
    job->last = last;
    job->bytes = static_cast<double>(layout_.bytesOf(region));
    {
        const std::lock_guard lock(mutex_);
        window_.push_back(job);
    }
    const std::string& place = volumeAt(cursor.volume).place;
    graph::Request request{.array = layout_.array,
                           .region = region,
                           .priority = graph::Priority::Background,
                           .stop = job->stop.get_token(),
                           .label = place.empty() ? "export" : "export " + place,
                           .fillHoles = options_.fillHoles,
                           .keep = layout_.lineage.dear(),
                           .memoryLimit = cutting_.memoryLimit};
    request.progress = [this, job](double fraction) {
        {
            const std::lock_guard lock(mutex_);
            job->computed = std::max(job->computed, std::min(fraction, 1.0));
        }
        tell();
    };
    executor_.submit(std::move(request), [this, job](graph::Outcome outcome) {
        const std::lock_guard lock(mutex_);
        job->computed = 1;
        job->outcome = std::move(outcome);
        answered_.notify_all();
    });
}

/// Whether the answer came; it does not where the export is cancelled.
bool Runner::await(Job& job) {
    std::unique_lock lock(mutex_);
    answered_.wait(lock, control_.stop, [&] { return job.outcome.has_value(); });
    return !control_.stop.stop_requested();
}

/// Whether there was no memory because others hold some of the budget too, and one piece after the other may do.
bool Runner::crowded(const Job& job) const {
    const Result<Block>& block = job.outcome->block;
    return !block.ok() && block.error().kind == Error::Kind::TooLarge && cutting_.computing + cutting_.held > 1;
}

/// Cancels what is being computed and waits for the answers.
void Runner::abandon() {
    std::unique_lock lock(mutex_);
    for (const auto& job : window_) job->stop.request_stop();
    answered_.wait(lock, [&] {
        return std::all_of(window_.begin(), window_.end(), [](const auto& job) { return job->outcome.has_value(); });
    });
    window_.clear();
}

void Runner::startAgain() {
    const Cursor cursor = window_.front()->cursor;
    abandon();
    pieces_.clear();
    next_ = cursor;
    cutting_.computing = 1;
    cutting_.held = 0;
}

void Runner::take(Job& job) {
    if (failed_.contains(job.cursor.volume)) return;
    // Moved, so that its memory is free for the next piece as soon as it is written.
    const graph::Outcome outcome = std::move(*job.outcome);
    report_.costs += outcome.costs;
    const Volume& volume = volumeAt(job.cursor.volume);
    if (job.cursor.piece == 0 && !volume.missing.empty()) report_.filled.push_back({volume.file, missingFile(volume)});
    for (const Error& problem : outcome.problems) addFilled(volume, problem);
    if (outcome.block.ok()) return write(job, *outcome.block);
    const Error& error = outcome.block.error();
    const bool fillable = error.kind == Error::Kind::Missing || error.kind == Error::Kind::Unreadable ||
                          error.kind == Error::Kind::Corrupt || error.kind == Error::Kind::Mismatch;
    if (!options_.fillHoles || !fillable) {
        sink_.reset();
        return failVolume(job.cursor.volume, error);
    }
    addFilled(volume, error);
    write(job, zeros(job.region));
}

/// Missing files are known beforehand, and told once a volume.
void Runner::addFilled(const Volume& volume, const Error& problem) {
    if (problem.kind != Error::Kind::Missing || volume.missing.empty())
        report_.filled.push_back({volume.file, problem});
}

/// One element that stands for all.
Block Runner::zeros(const Region& region) const {
    static const std::array<std::byte, 8> zero{};
    return {std::shared_ptr<const std::byte>(zero.data(), [](const std::byte*) {}), layout_.array.dtype(), region,
            Strides(region.rank(), 0)};
}

void Runner::write(Job& job, const Block& values) {
    const Volume& volume = volumeAt(job.cursor.volume);
    if (!sink_) {
        sink_ = single() ? npySink(layout_, options_) : tiffSink(layout_, volume, provenance_, options_, forEach_);
        {
            const std::lock_guard lock(mutex_);
            writing_ = volume.file;
        }
        tell(true);
    }
    const std::vector<Region> portions = portionsOf(values.region(), bytesPer(values.dtype()));
    for (const Region& portion : portions) {
        if (control_.stop.stop_requested()) return;
        sink_->append(values.view(portion));
        {
            const std::lock_guard lock(mutex_);
            job.written += 1.0 / static_cast<double>(portions.size());
        }
        tell();
    }
    const bool lastOfAll = job.cursor.volume + 1 == todo_.volumes.size();
    if (!job.last) return;
    if (!single() || lastOfAll) {
        report_.bytesWritten += sink_->finish();
        sink_.reset();
    }
    ++report_.written;
    const std::lock_guard lock(mutex_);
    ++throughVolumes_;
}

void Runner::failVolume(std::size_t place, const Error& error) {
    const Volume& volume = volumeAt(place);
    if (single()) throw Failure(error); // half an array is none
    report_.failed.push_back({volume.file, error});
    failed_.insert(place);
    const std::lock_guard lock(mutex_);
    ++throughVolumes_;
    for (const auto& job : window_) {
        if (job->cursor.volume == place) job->stop.request_stop();
    }
    if (next_.volume != place) return;
    // What was not asked for of it counts as done.
    const std::vector<Region> pieces = piecesOf(volume.region, layout_.outer, cutting_);
    for (std::size_t i = next_.piece; i < pieces.size(); ++i)
        doneBytes_ += static_cast<double>(layout_.bytesOf(pieces[i]));
    next_ = {place + 1, 0};
}

void Runner::tell(bool always) {
    if (!control_.progress) return;
    constexpr auto kBetween = std::chrono::milliseconds(50);
    const std::lock_guard lock(mutex_);
    const auto now = Pace::Clock::now();
    if (!always && now < nextTelling_) return;
    nextTelling_ = now + kBetween;
    double done = doneBytes_;
    for (const auto& job : window_) done += job->done();
    pace_.note(now, done);
    ExportProgress progress;
    progress.volumesDone = throughVolumes_ + todo_.kept;
    progress.volumes = todo_.volumes.size() + todo_.kept;
    const double whole = totalBytes_ + keptBytes_;
    progress.fraction = whole > 0 ? (done + keptBytes_) / whole : 1;
    progress.bytesPerSecond = pace_.perSecond();
    progress.secondsLeft = pace_.secondsFor(totalBytes_ - done);
    progress.file = writing_;
    control_.progress(progress);
}

} // namespace lazulite::batch
