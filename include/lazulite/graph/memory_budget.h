#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "lazulite/core/error.h"

namespace lazulite::graph {

/// The memory that this process may really use: the machine's, or its cgroup's limit where that is lower.
std::uint64_t availableMemory();

/// A limit in bytes on everything that blocks take: in use, cached, pooled for reuse, and promised to running requests.
/// Bytes are promised before they are allocated, so the limit is never passed. Thread-safe.
///
/// Memory that is touched for the first time is an order of magnitude slower than memory that is used again: buffers
/// are used again, and while the budget is still filling up a thread makes a few more ready ahead of their use.
class MemoryBudget : public std::enable_shared_from_this<MemoryBudget> {
public:
    /// Bytes promised to one request and not yet allocated; given back when it is destroyed.
    class Reservation {
    public:
        Reservation() = default;
        Reservation(Reservation&& other) noexcept;
        Reservation& operator=(Reservation&& other) noexcept;
        ~Reservation();

        std::uint64_t bytes() const { return bytes_; }

    private:
        friend class MemoryBudget;
        std::shared_ptr<MemoryBudget> budget_;
        std::uint64_t bytes_ = 0;
    };

    struct Usage {
        std::uint64_t limit = 0;
        std::uint64_t inUse = 0;    ///< buffers that a block holds, cached or not
        std::uint64_t pooled = 0;   ///< empty buffers kept for reuse, or made ready in advance
        std::uint64_t promised = 0; ///< reserved, not yet allocated
        std::uint64_t peak = 0;     ///< the most that the three together ever were

        std::uint64_t total() const { return inUse + pooled + promised; }
    };

    /// With `spares` buffers are made ready ahead of their use while there is room.
    static std::shared_ptr<MemoryBudget> create(std::uint64_t limit, bool spares = false);

    /// What asks the cache to let go of at least so many bytes; returns false where it has nothing left.
    void setEvictor(std::function<bool(std::uint64_t bytes)> evict);
    /// Lowers or raises the limit; lowering frees what is pooled and cached at once as far as it can.
    void setLimit(std::uint64_t limit);

    /// Promises `bytes` (a sum of capacityFor()). Evicts as needed; waits while other requests run that will give
    /// memory back. Errors: TooLarge with both numbers where it can never fit, Cancelled.
    Result<Reservation> reserve(std::uint64_t bytes, std::stop_token stop);

    /// A 64-byte aligned buffer out of a reservation, or, where that is used up, out of what is free now; nothing on
    /// failure. Not initialised. It goes back to the pool when the last owner lets go.
    std::shared_ptr<std::byte> allocate(std::uint64_t bytes, Reservation& reservation);

    /// What a buffer of `bytes` takes: rounded up so that buffers of similar size can be used again (at most 1/8 more).
    static std::uint64_t capacityFor(std::uint64_t bytes);

    /// Frees the buffers that are kept for reuse.
    void dropPooled();

    Usage usage() const;

private:
    MemoryBudget(std::uint64_t limit, bool spares);

public:
    ~MemoryBudget();

private:
    bool makeRoom(std::unique_lock<std::mutex>& lock, std::uint64_t bytes);
    void trimPool(std::uint64_t bytes);
    std::byte* takePooled(std::uint64_t capacity);
    bool spareWanted() const;
    void makeSpares(const std::stop_token& stop);
    void notePeak();
    void giveBack(std::byte* data, std::uint64_t capacity);
    void release(std::uint64_t promised);
    std::uint64_t total() const { return inUse_ + pooled_ + promised_ + warming_; }

    mutable std::mutex mutex_;
    std::condition_variable_any freed_;
    std::function<bool(std::uint64_t)> evict_;
    std::uint64_t limit_;
    std::uint64_t inUse_ = 0;
    std::uint64_t pooled_ = 0;
    std::uint64_t promised_ = 0;
    std::uint64_t peak_ = 0;
    std::uint64_t reservations_ = 0;
    std::multimap<std::uint64_t, std::byte*> pool_; ///< by capacity
    std::uint64_t warming_ = 0;                     ///< bytes of the spare buffer that is being touched right now
    std::uint64_t spareCapacity_ = 0;               ///< of the last buffer that had to be made new
    std::jthread spares_;                           ///< last: it uses all of the above
};

} // namespace lazulite::graph
