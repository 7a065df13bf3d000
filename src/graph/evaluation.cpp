#include "evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "lazulite/core/units.h"
#include "lazulite/graph/operation.h"

namespace lazulite::graph {

using Landing = Flights::Landing;

/// One read that is done in one go: small enough to be cancelled behind, large enough to be worth a task.
struct Evaluation::ReadJob {
    const Source* source;
    Destination destination;
    bool opensBlock; ///< not a further part of a block that another job has begun: its pages count
};

namespace {

constexpr std::uint64_t kWholeBytes = 512U << 10U; ///< up to this is not worth being cut
constexpr std::uint64_t kJobBytes = 1U << 20U;
constexpr std::size_t kProblemsKept = 100;

/// The box that a read is cut along: whole grains, enlarged along the slower axes until a job is worth its overhead.
Shape jobShape(const Source& source, const Region& region) {
    const Shape extent = region.shape();
    Shape shape = source.grainShape();
    std::uint64_t bytes = bytesPer(source.dtype());
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        shape[axis] = std::max<std::int64_t>(1, shape[axis]);
        bytes *= static_cast<std::uint64_t>(std::min(shape[axis], extent[axis]));
    }
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const std::int64_t grains = (extent[axis] + shape[axis] - 1) / shape[axis];
        const auto affordable =
            static_cast<std::int64_t>(std::max<std::uint64_t>(1, kJobBytes / std::max<std::uint64_t>(1, bytes)));
        const std::int64_t taken = std::min(grains, affordable);
        bytes *= static_cast<std::uint64_t>(taken);
        shape[axis] *= taken;
        if (taken < grains) break;
    }
    return shape;
}

/// Whether `part` of `whole` holds the beginnings of its blocks, not just further rows or tiles of them.
bool beginsBlocks(const Region& part, const Region& whole, const Shape& blockShape) {
    for (std::size_t axis = 0; axis < blockShape.size(); ++axis) {
        const std::int64_t begin = part[axis].begin;
        if (begin != whole[axis].begin && begin % std::max<std::int64_t>(1, blockShape[axis]) != 0) return false;
    }
    return true;
}

/// Copies a block's values, wherever they are, into their place in a larger one.
Result<void> copyInto(const Destination& place, const Block& block) {
    if (auto settled = block.settle(); !settled) return settled;
    block.copyTo(place);
    return {};
}

void addProblem(std::vector<Error>& problems, const Error& problem) {
    const bool known = std::any_of(problems.begin(), problems.end(), [&](const Error& other) {
        return other.path == problem.path && other.page == problem.page && other.message == problem.message;
    });
    if (!known && problems.size() < kProblemsKept) problems.push_back(problem);
}

} // namespace

/// Reads that fill parts of one buffer.
class Evaluation::ReadJobs {
public:
    void add(const Source& source, const Destination& destination) {
        total_ += destination.bytes();
        if (destination.bytes() <= kWholeBytes) {
            jobs_.push_back({&source, destination, true});
            return;
        }
        forEachGridBlock(
            destination.region, jobShape(source, destination.region), shapeOf(source.axes()), [&](const Region& box) {
                const Region part = destination.region.intersect(box);
                jobs_.push_back(
                    {&source, destination.at(part), beginsBlocks(part, destination.region, source.blockShape())});
            });
    }

    /// Runs all; with `fillHoles` a failed part is zeroed and noted, and only if every part failed is it an error.
    Result<void> run(Evaluation& evaluation, const std::stop_token& stop, std::vector<Error>& problems) {
        evaluation.engine_.readers.forEach(jobs_.size(), evaluation.request_.priority,
                                           [&](std::size_t i) { runOne(evaluation, stop, jobs_[i]); });
        if (stop.stop_requested()) return Error::cancelled();
        if (errors_.empty()) return {};
        if (!evaluation.request_.fillHoles || failed_ == jobs_.size()) return errors_.front();
        for (const Error& error : errors_) addProblem(problems, error);
        return {};
    }

private:
    void runOne(Evaluation& evaluation, const std::stop_token& stop, const ReadJob& job) {
        if (stop.stop_requested() || givenUp_) return;
        ReadCounts counts;
        const Result<void> outcome = job.source->read(job.destination, stop, counts);
        if (!job.opensBlock) counts.pagesRead = 0;
        if (!outcome && evaluation.request_.fillHoles) job.destination.fillZero();
        double fraction = 0;
        {
            const std::lock_guard lock(evaluation.mutex_);
            evaluation.costs_.reads += counts;
            done_ += job.destination.bytes();
            fraction = static_cast<double>(done_) / static_cast<double>(total_);
            if (!outcome) {
                ++failed_;
                if (errors_.size() < kProblemsKept) errors_.push_back(outcome.error());
                if (!evaluation.request_.fillHoles) givenUp_ = true;
            }
        }
        if (jobs_.size() > 1 && evaluation.dear_ == 0) evaluation.tellProgress(fraction);
    }

    std::vector<ReadJob> jobs_;
    std::vector<Error> errors_;
    std::uint64_t total_ = 0;
    std::uint64_t done_ = 0;
    std::size_t failed_ = 0;
    std::atomic<bool> givenUp_ = false;
};

class Evaluation::OperationWorkspace final : public Workspace {
public:
    OperationWorkspace(Evaluation& evaluation, const Part& part, bool dear, const std::stop_token& stop)
        : evaluation_(evaluation), part_(part), dear_(dear), stop_(stop) {}

    Result<Writable> allocate(DType dtype, const Region& region) override {
        return evaluation_.allocate(dtype, region);
    }
    Result<Block> kept(const std::string& name, std::uint64_t bytes,
                       const std::function<Result<void>(std::byte*)>& make) override {
        return evaluation_.byProduct(name, bytes, make, stop_);
    }
    std::uint64_t scratchBytes() const override { return part_.scratch; }
    const std::stop_token& stop() const override { return stop_; }
    void progress(double fraction) override {
        if (!dear_) return;
        evaluation_.engine_.activity.progress(part_.leaf.node.fingerprint(), fraction);
        const auto done = static_cast<double>(evaluation_.dearDone_) + fraction;
        evaluation_.tellProgress(done / static_cast<double>(evaluation_.dear_));
    }
    void remark(const std::string& text) override {
        const std::lock_guard lock(evaluation_.mutex_);
        evaluation_.costs_.remark(part_.leaf.node.operation()->name() + ": " + text);
    }

private:
    Evaluation& evaluation_;
    const Part& part_;
    bool dear_;
    const std::stop_token& stop_;
};

Costs Evaluation::costs() const {
    const std::lock_guard lock(mutex_);
    return costs_;
}

void Evaluation::tellProgress(double fraction) const {
    if (request_.progress) request_.progress(fraction);
}

Result<Workspace::Writable> Evaluation::allocate(DType dtype, const Region& region) {
    const std::uint64_t bytes = static_cast<std::uint64_t>(region.elementCount()) * bytesPer(dtype);
    std::shared_ptr<std::byte> data;
    {
        const std::lock_guard lock(mutex_);
        data = engine_.budget->allocate(bytes, reservation_);
    }
    if (!data) {
        const MemoryBudget::Usage usage = engine_.budget->usage();
        return Error{Error::Kind::TooLarge,
                     fmt::format("{} more of memory are needed, but {} of the budget of {} are in use; raise it with "
                                 "--memory or in the preferences",
                                 bytesText(bytes), bytesText(usage.inUse + usage.promised), bytesText(usage.limit)),
                     {},
                     {}};
    }
    Destination destination{data.get(), dtype, region, rowMajorStrides(region.shape(), bytesPer(dtype)),
                            std::make_shared<Mirror>(data)};
    return Workspace::Writable{std::move(data), std::move(destination)};
}

void Evaluation::keep(const LazyArray& array, const Region& region, std::uint64_t stamp, const Landing& landing,
                      BlockCache::Traits traits) {
    if (!request_.keep || !landing.block || !landing.problems.empty()) return;
    traits.wanted = request_.priority != Priority::Prefetch;
    engine_.cache.insert(array.fingerprint(), region, stamp, *landing.block, traits);
}

Result<Block> Evaluation::byProduct(const std::string& name, std::uint64_t bytes,
                                    const std::function<Result<void>(std::byte*)>& make, const std::stop_token& stop) {
    const Fingerprint print = Fingerprint::of("by-product " + name);
    const Region region({{0, static_cast<std::int64_t>(bytes)}});
    if (Block found = engine_.cache.find(print, region, 0, true)) return found;
    while (true) {
        bool joined = false;
        Landing landing =
            engine_.flights.board({print, region, 0, false}, stop, joined, [&](const std::stop_token&) -> Landing {
                if (Block late = engine_.cache.find(print, region, 0, false)) return {late, {}};
                auto memory = allocate(DType::UInt8, region);
                if (!memory) return {memory.error(), {}};
                if (auto filled = make(memory->data.get()); !filled) return {filled.error(), {}};
                engine_.cache.insert(print, region, 0, memory->block(), {.worth = BlockCache::Worth::Computed});
                return {memory->block(), {}};
            });
        // Who made it works for a request of its own; when that is cancelled, the next one begins anew.
        const bool abandoned = joined && !landing.block && landing.block.error().kind == Error::Kind::Cancelled;
        if (!abandoned || stop.stop_requested()) return std::move(landing.block);
    }
}

Landing Evaluation::answer(const Plan& plan, const std::stop_token& stop) {
    if (plan.found) return {plan.found.view(plan.region), {}};
    if (plan.single()) {
        const Part& part = plan.parts.front();
        Landing landing = make(part, stop);
        if (landing.block) landing.block = asAsked(*landing.block, part.leaf);
        return landing;
    }
    bool joined = false;
    const Flights::Key key{plan.array.fingerprint(), plan.region, plan.stamp, request_.fillHoles};
    Landing landing = engine_.flights.board(key, stop, joined, [&](const std::stop_token& flight) -> Landing {
        if (Block late = engine_.cache.find(plan.array.fingerprint(), plan.region, plan.stamp, false))
            return {late, {}};
        Landing made = gather(plan, flight);
        keep(plan.array, plan.region, plan.stamp, made, {.worth = BlockCache::Worth::Read, .wide = true});
        return made;
    });
    if (joined && landing.block) {
        const std::lock_guard lock(mutex_);
        ++costs_.cacheHits;
    }
    return landing;
}

/// Fills one buffer from all parts: what is cached is copied, raw data are read straight into place.
Landing Evaluation::gather(const Plan& plan, const std::stop_token& stop) {
    auto memory = allocate(plan.array.dtype(), plan.region);
    if (!memory) return {memory.error(), {}};
    const Destination& whole = memory->destination;
    Landing landing;
    ReadJobs jobs;
    for (const Part& part : plan.parts) {
        const Destination place = forLeaf(whole, part.leaf);
        if (part.found) {
            if (auto copied = copyInto(place, part.found); !copied) return {copied.error(), {}};
        } else if (const Source* source = part.leaf.node.source()) {
            jobs.add(*source, place);
        }
    }
    if (auto outcome = jobs.run(*this, stop, landing.problems); !outcome) return {outcome.error(), {}};
    for (const Part& part : plan.parts) {
        if (part.found || part.leaf.node.source() != nullptr) continue;
        const Landing made = make(part, stop);
        const Destination place = forLeaf(whole, part.leaf);
        const Result<void> copied = made.block ? copyInto(place, *made.block) : made.block.error();
        if (!copied) {
            if (!request_.fillHoles || copied.error().kind == Error::Kind::Cancelled) return {copied.error(), {}};
            place.fillZero();
            addProblem(landing.problems, copied.error());
        }
        for (const Error& problem : made.problems) addProblem(landing.problems, problem);
    }
    landing.block = memory->block();
    return landing;
}

/// The block of a part's target: found, joined in flight, or made now.
Landing Evaluation::make(const Part& part, const std::stop_token& stop) {
    if (part.found) return {part.found, {}};
    const LazyArray& node = part.leaf.node;
    bool joined = false;
    const Flights::Key key{node.fingerprint(), part.target, part.stamp, request_.fillHoles};
    Landing landing = engine_.flights.board(key, stop, joined, [&](const std::stop_token& flight) -> Landing {
        if (Block late = engine_.cache.find(node.fingerprint(), part.target, part.stamp, false)) return {late, {}};
        Landing made = node.source() != nullptr ? read(part, flight) : compute(part, flight);
        const auto worth =
            node.source() == nullptr && node.operation()->asCompute()->cost() == ComputeOperation::Cost::Expensive
                ? BlockCache::Worth::Computed
                : BlockCache::Worth::Read;
        keep(node, part.target, part.stamp, made, {.worth = worth});
        return made;
    });
    if (joined && landing.block) {
        const std::lock_guard lock(mutex_);
        ++costs_.cacheHits;
    }
    return landing;
}

Landing Evaluation::read(const Part& part, const std::stop_token& stop) {
    const LazyArray& node = part.leaf.node;
    auto memory = allocate(node.dtype(), part.target);
    if (!memory) return {memory.error(), {}};
    Landing landing;
    ReadJobs jobs;
    jobs.add(*node.source(), memory->destination);
    if (auto outcome = jobs.run(*this, stop, landing.problems); !outcome) return {outcome.error(), {}};
    landing.block = memory->block();
    return landing;
}

Landing Evaluation::compute(const Part& part, const std::stop_token& stop) {
    const LazyArray& node = part.leaf.node;
    Landing landing;
    std::vector<Block> inputs;
    inputs.reserve(part.inputs.size());
    for (const Plan& plan : part.inputs) {
        Landing input = answer(plan, stop);
        if (!input.block) return input;
        inputs.push_back(std::move(input.block).value());
        for (const Error& problem : input.problems) addProblem(landing.problems, problem);
    }
    if (stop.stop_requested()) return {};
    const ComputeOperation& operation = *node.operation()->asCompute();
    const bool dear = operation.cost() == ComputeOperation::Cost::Expensive;
    OperationWorkspace workspace(*this, part, dear, stop);
    std::optional<Turns::Turn> turn;
    if (const std::optional<int> most = operation.mostAtOnce()) {
        turn.emplace(engine_.turns.take(request_.priority, *most, stop));
        if (!*turn) return {};
    }
    const auto start = std::chrono::steady_clock::now();
    engine_.activity.begin(node.fingerprint());
    try {
        oneapi::tbb::task_arena& arena = dear ? engine_.dearArena : engine_.computeArena;
        // While this thread waits for others to do their share it takes up no other request, which may last longer or
        // wait for this one.
        landing.block = arena.execute([&] {
            return oneapi::tbb::this_task_arena::isolate(
                [&] { return operation.compute(part.target, inputs, workspace); });
        });
    } catch (const Failure& failure) {
        landing.block = failure.error();
    }
    if (landing.block) {
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        engine_.activity.end(node.fingerprint(), took.count());
        if (dear) ++dearDone_;
        const std::lock_guard lock(mutex_);
        ++costs_.blocksComputed;
    } else if (landing.block.error().kind == Error::Kind::Cancelled) {
        engine_.activity.giveUp(node.fingerprint());
    } else {
        engine_.activity.fail(node.fingerprint(), landing.block.error().text());
    }
    return landing;
}

} // namespace lazulite::graph
