#pragma once

#include <QMetaObject>
#include <QObject>
#include <mutex>
#include <utility>

namespace lazulite::gui {

/// The newest answer of one kind that an object on the GUI thread has not seen yet: a burst of answers costs one event.
/// Lives in that object.
template <typename T>
class Mailbox {
public:
    /// From any thread; `take(T)` is called on the thread of `home`.
    template <typename Take>
    void post(QObject& home, T value, Take take) {
        const std::scoped_lock lock(mutex_);
        value_ = std::move(value);
        if (std::exchange(posted_, true)) return;
        QMetaObject::invokeMethod(
            &home,
            [this, take = std::move(take)] {
                T taken;
                {
                    const std::scoped_lock taking(mutex_);
                    taken = std::exchange(value_, T{});
                    posted_ = false;
                }
                take(std::move(taken));
            },
            Qt::QueuedConnection);
    }

    /// Drops what nobody has seen yet; a T{} is taken in its place.
    void clear() {
        const std::scoped_lock lock(mutex_);
        value_ = T{};
    }

private:
    std::mutex mutex_;
    T value_{};
    bool posted_ = false;
};

} // namespace lazulite::gui
