#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "lazulite/core/error.h"

namespace lazulite {

/// What a graphics card knows of a buffer: copies of its values, or values that are still to be brought into it. It
/// lives as long as the buffer, and the copies as long as it. Thread-safe.
class Mirror {
public:
    /// The values of a part of the buffer, on a card.
    class Copy {
    public:
        virtual ~Copy() = default;
        /// Brings the values into the buffer, unless they are there.
        virtual Result<void> fetch() = 0;
        /// Whether it holds nothing any more.
        virtual bool gone() const = 0;
    };

    explicit Mirror(std::weak_ptr<const std::byte> buffer) : buffer_(std::move(buffer)) {}

    /// Whose copies these are; for a copy that writes, so that it never writes into memory that is gone.
    const std::weak_ptr<const std::byte>& buffer() const { return buffer_; }

    /// `ahead`: the buffer does not hold the values before they are fetched.
    void add(std::shared_ptr<Copy> copy, bool ahead);
    std::vector<std::shared_ptr<Copy>> copies() const;

    /// Whether some values are not in the buffer yet.
    bool pending() const { return pending_.load(std::memory_order_acquire); }
    /// Fetches what is pending.
    Result<void> settle();
    /// Values could not be fetched: they are nowhere.
    bool lost() const { return lost_.load(std::memory_order_relaxed); }

private:
    std::weak_ptr<const std::byte> buffer_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Copy>> copies_;
    std::atomic<bool> pending_ = false;
    std::atomic<bool> lost_ = false;
};

} // namespace lazulite
