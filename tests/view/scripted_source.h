#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "lazulite/core/source.h"
#include "support/fill.h"

namespace lazulite::testing {

/// A recording in memory whose values, failures and delays a test decides. A page is the last two axes (three with
/// colour samples), a file the last three.
class ScriptedSource final : public Source {
public:
    ScriptedSource(Axes axes, DType dtype, ValueAt value, std::string identity = "scripted")
        : axes_(std::move(axes)), dtype_(dtype), value_(std::move(value)), identity_(std::move(identity)) {}

    const Axes& axes() const override { return axes_; }
    DType dtype() const override { return dtype_; }
    std::string identity() const override { return identity_; }
    Shape blockShape() const override { return lastAxes(axes_, axes_.back().name == "s" ? 3 : 2); }
    Shape grainShape() const override { return blockShape(); }
    Shape fileShape() const override { return lastAxes(axes_, 3); }
    std::uint64_t stamp(const Region&) const override { return 1; }

    Result<void> read(const Destination& destination, std::stop_token stop, ReadCounts& counts) const override {
        {
            std::unique_lock lock(mutex_);
            begun_.push_back(destination.region);
            changed_.notify_all();
            changed_.wait(lock, stop, [&] { return !held_ || !held_(destination.region); });
        }
        if (stop.stop_requested()) return Error::cancelled();
        if (fails) {
            if (auto error = fails(destination.region)) return *error;
        }
        ++counts.filesOpened;
        forEachGridBlock(destination.region, blockShape(), shapeOf(axes_), [&](const Region&) { ++counts.pagesRead; });
        fillFrom(destination, value_);
        return {};
    }

    /// Reads of matching regions wait (or are cancelled) until hold({}).
    void hold(std::function<bool(const Region&)> held) {
        {
            const std::lock_guard lock(mutex_);
            held_ = std::move(held);
        }
        changed_.notify_all();
    }
    void awaitBegun(std::size_t count) const {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return begun_.size() >= count; });
    }
    /// Every region whose read was begun, in order.
    std::vector<Region> begun() const {
        const std::lock_guard lock(mutex_);
        return begun_;
    }

    std::function<std::optional<Error>(const Region&)> fails; ///< set before the first read

private:
    Axes axes_;
    DType dtype_;
    ValueAt value_;
    std::string identity_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    mutable std::vector<Region> begun_;
    std::function<bool(const Region&)> held_;
};

} // namespace lazulite::testing
