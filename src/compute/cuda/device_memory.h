#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>

#include "device.h"

namespace lazulite::compute::cuda {

/// A limit in bytes on what is taken of a card's memory, in use and kept for reuse. Bytes are promised before they are
/// allocated, so a computation that has begun has what it needs, and the limit is never passed. Thread-safe.
class DeviceMemory : public std::enable_shared_from_this<DeviceMemory> {
public:
    /// Bytes promised to one computation and not yet allocated; given back when it is destroyed.
    class Reservation {
    public:
        Reservation(Reservation&& other) noexcept = default;
        ~Reservation();

    private:
        friend class DeviceMemory;
        Reservation(std::shared_ptr<DeviceMemory> memory, std::uint64_t bytes)
            : memory_(std::move(memory)), bytes_(bytes) {}
        std::shared_ptr<DeviceMemory> memory_;
        std::uint64_t bytes_;
    };

    /// Memory on the card. It goes back when the last owner lets go, who must have waited for all work on it.
    class Buffer {
    public:
        Buffer(std::shared_ptr<DeviceMemory> memory, std::byte* data, std::uint64_t capacity)
            : memory_(std::move(memory)), data_(data), capacity_(capacity) {}
        ~Buffer() { memory_->giveBack(data_, capacity_); }
        Buffer(const Buffer&) = delete;
        Buffer& operator=(const Buffer&) = delete;

        std::byte* data() const { return data_; }

    private:
        std::shared_ptr<DeviceMemory> memory_;
        std::byte* data_;
        std::uint64_t capacity_;
    };

    /// Somebody who holds a buffer just in case, and lets go of it when the memory is needed.
    class Holder {
    public:
        virtual ~Holder() = default;
        /// Whether nobody else uses the buffer: letting go frees memory.
        virtual bool idle() const = 0;
        virtual void letGo() = 0;
    };

    struct Usage {
        std::uint64_t limit = 0;
        std::uint64_t inUse = 0;
        std::uint64_t pooled = 0; ///< empty, kept for reuse
        std::uint64_t promised = 0;
        std::uint64_t peak = 0; ///< the most that was ever taken of the card
    };

    static std::shared_ptr<DeviceMemory> create(std::shared_ptr<Device> device, std::uint64_t limit);
    ~DeviceMemory();

    /// Promises a sum of capacityFor(). Has holders let go, the least recently used first, and waits for computations
    /// that are under way. Errors: TooLarge where it can never fit, Cancelled.
    Result<Reservation> reserve(std::uint64_t bytes, const std::stop_token& stop);
    /// A buffer out of a reservation; null where the card has less than was promised (others use it, too).
    std::shared_ptr<Buffer> allocate(std::uint64_t bytes, Reservation& reservation);
    /// What a buffer of `bytes` takes.
    static std::uint64_t capacityFor(std::uint64_t bytes);

    /// Remembers a holder as the one used last.
    void remember(const std::shared_ptr<Holder>& holder);

    Usage usage() const;

private:
    using Lock = std::unique_lock<std::mutex>;

    DeviceMemory(std::shared_ptr<Device> device, std::uint64_t limit) : device_(std::move(device)), limit_(limit) {}

    bool letOneGo(Lock& lock);
    std::byte* takePooled(std::uint64_t capacity);
    std::byte* makeNew(Lock& lock, std::uint64_t capacity);
    void trimPool(std::uint64_t most);
    void giveBack(std::byte* data, std::uint64_t capacity);
    void endReservation(std::uint64_t bytes);

    std::shared_ptr<Device> device_;
    std::uint64_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::uint64_t changes_ = 0; ///< how often memory was given back
    std::uint64_t inUse_ = 0;
    std::uint64_t pooled_ = 0;
    std::uint64_t promised_ = 0;
    std::uint64_t peak_ = 0;
    std::size_t reservations_ = 0;
    std::multimap<std::uint64_t, std::byte*> pool_; ///< by capacity
    std::list<std::weak_ptr<Holder>> holders_;      ///< the one used last in front
};

} // namespace lazulite::compute::cuda
