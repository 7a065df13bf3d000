#include "lazulite/graph/executor.h"

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

#include "evaluation.h"
#include "lazulite/core/units.h"
#include "runners.h"

namespace lazulite::graph {

namespace {

constexpr double kDefaultShareOfMemory = 0.4;
constexpr int kRunners = 24; // as many channels, each with its preview, may be under way at once
constexpr auto kHigh = oneapi::tbb::task_arena::priority::high;
constexpr auto kLow = oneapi::tbb::task_arena::priority::low;
constexpr int kReadsPerCore = 2;   ///< of one request at once: they wait for disks and networks
constexpr int kThreadsPerCore = 3; ///< of oneTBB: what is dear goes on beside what is not, and beside writing

std::uint64_t memoryLimit(const ExecutorOptions& options) {
    if (options.memoryLimit > 0) return options.memoryLimit;
    return static_cast<std::uint64_t>(static_cast<double>(availableMemory()) * kDefaultShareOfMemory);
}

int computeThreads(const ExecutorOptions& options) {
    if (options.threads > 0) return options.threads;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void checkRequest(const Request& request) {
    if (!request.array) throw Failure("nothing is open, so there is nothing to read");
    const Region whole = Region::whole(request.array.shape());
    if (request.region.rank() != whole.rank() || request.region.empty() || !whole.contains(request.region)) {
        throw Failure(
            fmt::format("the region {} does not lie inside the array {}", request.region.toString(), whole.toString()));
    }
}

} // namespace

class Executor::Impl {
public:
    explicit Impl(const ExecutorOptions& options)
        : parallelism_(oneapi::tbb::global_control::max_allowed_parallelism,
                       static_cast<std::size_t>(kThreadsPerCore * computeThreads(options))),
          engine_{.budget = MemoryBudget::create(memoryLimit(options), options.spares),
                  .cache = {},
                  .flights = {},
                  .activity = {},
                  .readers = Readers(kReadsPerCore * computeThreads(options) - 1), // and the one who asks
                  .computeArena = oneapi::tbb::task_arena(computeThreads(options), 1, kHigh),
                  .dearArena = oneapi::tbb::task_arena(computeThreads(options), 1, kLow),
                  .turns = {}},
          posts_(std::make_unique<Runners>(std::max(2, computeThreads(options)), 0)),
          runners_(std::make_unique<Runners>(kRunners, std::max(2, computeThreads(options)))) {
        engine_.budget->setEvictor([this](std::uint64_t bytes) { return engine_.cache.evict(bytes); });
    }

    ~Impl() {
        stopAll_.request_stop();
        runners_.reset();
        posts_.reset();
        engine_.budget->setEvictor({}); // blocks that others still hold outlive the cache
    }

    void submit(Request request, std::function<void(Outcome)> done) {
        const Priority priority = request.priority;
        const auto start = Clock::now();
        runners_->enqueue(priority, [this, start, request = std::move(request), done = std::move(done)]() mutable {
            done(answer(request, start));
        });
    }

    Outcome answer(Request& request, std::chrono::steady_clock::time_point start) {
        Outcome outcome;
        std::stop_source both;
        const auto stop = [&] { both.request_stop(); };
        const std::stop_callback onRequest(request.stop, stop);
        const std::stop_callback onClosing(stopAll_.get_token(), stop);
        try {
            checkRequest(request);
            evaluate(request, both.get_token(), outcome);
        } catch (const Failure& failure) {
            outcome.block = failure.error();
        } catch (const std::exception& unexpected) {
            outcome.block = Error{Error::Kind::Corrupt, unexpected.what(), {}, {}};
        }
        if (both.stop_requested()) outcome.block = Error::cancelled();
        const std::chrono::duration<double, std::milli> elapsed = Clock::now() - start;
        outcome.costs.milliseconds = elapsed.count();
        const bool failed = !outcome.block;
        const bool cancelled = failed && outcome.block.error().kind == Error::Kind::Cancelled;
        outcome.costs.cancelled = cancelled ? 1 : 0;
        ledger_.add({request.label, outcome.costs, failed ? outcome.block.error().text() : std::string{}});
        return outcome;
    }

    void post(std::function<void()> task) { posts_->enqueue(Priority::Visible, std::move(task)); }

    Engine& engine() { return engine_; }
    Ledger& ledger() { return ledger_; }

private:
    using Clock = std::chrono::steady_clock;

    void evaluate(const Request& request, const std::stop_token& stop, Outcome& outcome) {
        if (stop.stop_requested()) return;
        const bool wanted = request.priority != Priority::Prefetch;
        const Plan plan = makePlan(request.array, request.region,
                                   {.cache = &engine_.cache,
                                    .wanted = wanted,
                                    .memoryLimit = std::min(request.memoryLimit, engine_.budget->usage().limit)});
        auto reservation = engine_.budget->reserve(plan.peakBytes(), stop);
        if (!reservation) {
            outcome.block = reservation.error();
            return;
        }
        Evaluation evaluation(engine_, request, std::move(*reservation), plan.dear);
        Flights::Landing landing = evaluation.answer(plan, stop);
        outcome.block = std::move(landing.block);
        if (outcome.block) {
            if (auto settled = outcome.block->settle(); !settled) outcome.block = settled.error();
        }
        outcome.problems = std::move(landing.problems);
        outcome.costs = evaluation.costs();
        outcome.costs.cacheHits += plan.hits;
    }

    oneapi::tbb::global_control parallelism_;
    Engine engine_;
    Ledger ledger_;
    std::stop_source stopAll_;
    std::unique_ptr<Runners> posts_;
    std::unique_ptr<Runners> runners_;
};

Executor::Executor(const ExecutorOptions& options) : impl_(std::make_unique<Impl>(options)) {}

Executor::~Executor() = default;

void Executor::submit(Request request, std::function<void(Outcome)> done) {
    impl_->submit(std::move(request), std::move(done));
}

Outcome Executor::run(Request request) {
    return impl_->answer(request, std::chrono::steady_clock::now());
}

std::uint64_t Executor::peakBytes(const LazyArray& array, const Region& region, std::uint64_t memoryLimit) {
    return makePlan(array, region, {.memoryLimit = memoryLimit}).peakBytes();
}

bool Executor::computesDear(const LazyArray& array, const Region& region) {
    return makePlan(array, region, {.cache = &impl_->engine().cache}).dear > 0;
}

void Executor::post(std::function<void()> task) {
    impl_->post(std::move(task));
}

void Executor::clearCache() {
    impl_->engine().cache.clear();
    impl_->engine().budget->dropPooled();
}

MemoryBudget& Executor::memory() {
    return *impl_->engine().budget;
}

Ledger& Executor::ledger() {
    return impl_->ledger();
}

const Activity& Executor::activity() const {
    return impl_->engine().activity;
}

} // namespace lazulite::graph
