#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/activity.h"
#include "lazulite/graph/lazy_array.h"
#include "lazulite/graph/ledger.h"
#include "lazulite/graph/memory_budget.h"

namespace lazulite::graph {

/// Higher ones run first.
enum class Priority { Prefetch, Background, Visible };

/// A box of an array that somebody wants.
struct Request {
    LazyArray array;
    Region region;
    Priority priority = Priority::Visible;
    std::stop_token stop{};                 ///< when it is requested the answer is Error::cancelled(), soon
    std::function<void(double)> progress{}; ///< fraction done, called on a worker thread now and then
    std::string label{};                    ///< for the ledger: "slice t=3 c=0 z=10"
    bool fillHoles = false;                 ///< zeros (and a problem in the outcome) where no file or a bad one is
    bool keep = true;                       ///< whether the result may stay in the cache
    std::uint64_t memoryLimit = UINT64_MAX; ///< what dear operations may fit their scratch memory into; the budget's
                                            ///< limit where that is less
};

/// The answer to a request.
struct Outcome {
    Result<Block> block = Error::cancelled();
    std::vector<Error> problems; ///< with fillHoles: what stands as zeros in the block, and why
    Costs costs;
};

struct ExecutorOptions {
    std::uint64_t memoryLimit = 0; ///< bytes; 0: 40 % of availableMemory()
    int threads = 0;               ///< workers of the compute arena; 0: one a core
    bool spares = false;           ///< makes buffers ready ahead of their use, up to 48 MiB, for one who cannot wait
};

/// Answers requests: follows the operations down to their sources, joins requests for the same block, reads on threads
/// and computes on oneTBB arenas within the memory budget, keeps blocks in a cache, and writes the ledger. Thread-safe.
class Executor {
public:
    explicit Executor(const ExecutorOptions& options = {});
    ~Executor(); ///< cancels what is under way and waits for it

    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// `done` is called exactly once, on a worker thread. A block that is cached (and whose files have not changed on
    /// disk) is answered within some ten microseconds, so there is no separate way to ask for one.
    void submit(Request request, std::function<void(Outcome)> done);

    /// Answers on the calling thread. Not for the GUI thread.
    Outcome run(Request request);

    /// The memory that a request for this region takes at its peak, in bytes, where dear operations fit their scratch
    /// memory into `memoryLimit` as far as they can. An upper bound, without running it.
    static std::uint64_t peakBytes(const LazyArray& array, const Region& region,
                                   std::uint64_t memoryLimit = UINT64_MAX);

    /// Whether answering would compute dear blocks now, rather than find them in the cache. Asks the file system.
    bool computesDear(const LazyArray& array, const Region& region);

    /// Runs `task` soon on another thread (for work beside requests, such as composing a picture); it should not wait.
    void post(std::function<void()> task);

    /// Drops every cached block (they stay alive where somebody holds them).
    void clearCache();

    MemoryBudget& memory();
    Ledger& ledger();
    const Activity& activity() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace lazulite::graph
