#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "lazulite/core/source.h"
#include "support/fill.h"

namespace lazulite::testing {

/// A recording in memory whose element at a position is a number made from that position, so that every read can be
/// checked. Its "files" can be held back, broken, taken away or changed.
class MemorySource final : public Source {
public:
    /// `axes` end in (z, y, x); a page is (y, x), a file (z, y, x).
    MemorySource(Axes axes, DType dtype, std::string name = "memory")
        : axes_(std::move(axes)), dtype_(dtype), name_(std::move(name)) {}

    const Axes& axes() const override { return axes_; }
    DType dtype() const override { return dtype_; }
    std::string identity() const override { return name_; }
    Shape blockShape() const override { return lastAxes(axes_, 2); }
    Shape grainShape() const override {
        Shape shape = lastAxes(axes_, 2);
        shape[shape.size() - 2] = 1;
        return shape;
    }
    Shape fileShape() const override { return lastAxes(axes_, 3); }
    std::uint64_t stamp(const Region&) const override { return version; }

    /// What the element at a position is: every axis counts, wrapping at 60,000.
    static double expected(const std::vector<std::int64_t>& position) {
        std::int64_t value = 1;
        for (const std::int64_t index : position) value = (value * 31 + index * 7 + 3) % 60000;
        return static_cast<double>(value);
    }

    Result<void> read(const Destination& destination, std::stop_token stop, ReadCounts& counts) const override {
        waitWhileHeld(stop);
        if (stop.stop_requested()) return Error::cancelled();
        if (onRead) onRead(destination.region);
        {
            const std::lock_guard lock(mutex_);
            reads.push_back(destination.region);
            if (bad.contains(destination.region[0].begin)) {
                return Error{Error::Kind::Corrupt, "cut short", name_ + std::to_string(destination.region[0].begin), 0};
            }
        }
        ++counts.filesOpened;
        forEachGridBlock(destination.region, blockShape(), shapeOf(axes_), [&](const Region&) { ++counts.pagesRead; });
        counts.bytesRead += static_cast<std::int64_t>(destination.bytes());
        fillFrom(destination, expected);
        return {};
    }

    /// Reads wait until release() or until they are cancelled.
    void hold() {
        const std::lock_guard lock(mutex_);
        held_ = true;
    }
    void release() {
        {
            const std::lock_guard lock(mutex_);
            held_ = false;
        }
        changed_.notify_all();
    }
    /// Waits until that many reads are being held back.
    void awaitHeldReads(int count) const {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_ >= count; });
    }
    std::size_t readCount() const {
        const std::lock_guard lock(mutex_);
        return reads.size();
    }

    std::atomic<std::uint64_t> version = 1;    ///< change it to say that the files changed on disk
    std::set<std::int64_t> bad;                ///< positions of the first axis that cannot be read
    mutable std::vector<Region> reads;         ///< every read that was done
    std::function<void(const Region&)> onRead; ///< called before a read is done

private:
    void waitWhileHeld(const std::stop_token& stop) const {
        std::unique_lock lock(mutex_);
        if (!held_) return;
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, stop, [&] { return !held_; });
        --waiting_;
    }

    Axes axes_;
    DType dtype_;
    std::string name_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    mutable int waiting_ = 0;
    bool held_ = false;
};

/// Axes named by the letters of `names`, with these sizes.
inline Axes namedAxes(const std::string& names, const Shape& sizes) {
    Axes axes;
    for (std::size_t i = 0; i < names.size(); ++i) axes.push_back({std::string(1, names[i]), sizes[i], 1.0, "", {}});
    return axes;
}

/// Calls visit for every position of a region, last axis fastest.
inline void forEachPosition(const Region& region, const std::function<void(const std::vector<std::int64_t>&)>& visit) {
    if (region.empty()) return;
    std::vector<std::int64_t> position;
    for (const Interval& interval : region) position.push_back(interval.begin);
    while (true) {
        visit(position);
        std::size_t axis = region.rank();
        while (axis > 0 && ++position[axis - 1] == region[axis - 1].end) {
            position[axis - 1] = region[axis - 1].begin;
            --axis;
        }
        if (axis == 0) return;
    }
}

} // namespace lazulite::testing
