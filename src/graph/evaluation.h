#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include <oneapi/tbb/task_arena.h>

#include "flights.h"
#include "lazulite/graph/activity.h"
#include "lazulite/graph/block_cache.h"
#include "lazulite/graph/executor.h"
#include "plan.h"
#include "readers.h"
#include "turns.h"

namespace lazulite::graph {

/// What all evaluations share.
struct Engine {
    std::shared_ptr<MemoryBudget> budget;
    BlockCache cache;
    Flights flights;
    Activity activity;
    Readers readers;
    oneapi::tbb::task_arena computeArena;
    oneapi::tbb::task_arena dearArena; ///< of dear operations, which take seconds: others do not wait for them
    Turns turns;                       ///< of operations that keep the machine to themselves
};

/// One request being answered: carries out a plan within the memory that was reserved for it.
class Evaluation {
public:
    /// `dear`: how many dear blocks the plan computes; progress is told by them.
    Evaluation(Engine& engine, const Request& request, MemoryBudget::Reservation reservation, std::int64_t dear)
        : engine_(engine), request_(request), dear_(dear), reservation_(std::move(reservation)) {}

    Flights::Landing answer(const Plan& plan, const std::stop_token& stop);

    Costs costs() const;

private:
    class OperationWorkspace;
    struct ReadJob;
    class ReadJobs;

    Flights::Landing gather(const Plan& plan, const std::stop_token& stop);
    Flights::Landing make(const Part& part, const std::stop_token& stop);
    Flights::Landing read(const Part& part, const std::stop_token& stop);
    Flights::Landing compute(const Part& part, const std::stop_token& stop);

    Result<Block> byProduct(const std::string& name, std::uint64_t bytes,
                            const std::function<Result<void>(std::byte*)>& make, const std::stop_token& stop);
    Result<Workspace::Writable> allocate(DType dtype, const Region& region);
    void keep(const LazyArray& array, const Region& region, std::uint64_t stamp, const Flights::Landing& landing,
              BlockCache::Traits traits);
    void tellProgress(double fraction) const;

    Engine& engine_;
    const Request& request_;
    std::int64_t dear_;
    std::atomic<std::int64_t> dearDone_ = 0;
    MemoryBudget::Reservation reservation_;
    mutable std::mutex mutex_; ///< guards what several threads add to: costs_, reservation_
    Costs costs_;
};

} // namespace lazulite::graph
