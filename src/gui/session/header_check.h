#pragma once

#include <QObject>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "lazulite/core/source.h"
#include "lazulite/view/viewer.h"

namespace lazulite::gui {

/// Looks at the headers of a recording's files one by one, on a thread of its own that runs when nothing else wants to:
/// opening looked at one file only. Of very many files it looks at some, evenly spread.
class HeaderCheck : public QObject {
    Q_OBJECT

public:
    /// Says what is wrong with a file, by its number. Called on the thread.
    using Look = std::function<std::optional<view::Problem>(std::size_t file, ReadCounts& counts)>;

    /// `quiet` says whether the machine may be used for this now; called on the thread.
    explicit HeaderCheck(std::function<bool()> quiet, QObject* parent = nullptr);
    ~HeaderCheck() override; ///< waits for the file under way

    /// Gives up what it does and looks at other files.
    void start(std::size_t files, Look look);
    void stop();
    /// Somebody does something: the next file waits a little.
    void postpone();

    static constexpr std::size_t kMostFiles = 2000;
    static constexpr std::size_t kMostFindings = 1000;

signals:
    void found(const std::vector<lazulite::view::Problem>& problems);
    void ended(quint64 files, const lazulite::ReadCounts& counts);

private:
    using Clock = std::chrono::steady_clock;

    struct Job {
        std::size_t files = 0;
        Look look;
        std::stop_source stop;
    };

    void work(const std::stop_token& stop);
    void run(const std::shared_ptr<const Job>& job);
    /// Waits until it is quiet and at least so long; false where the job is given up.
    bool rest(const Job& job, Clock::duration atLeast);
    void post(const std::shared_ptr<const Job>& job, std::function<void()> tell);

    std::function<bool()> quiet_;
    std::atomic<Clock::time_point> notBefore_{};
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::shared_ptr<const Job> job_; ///< the newest
    bool waiting_ = false;           ///< it is not begun yet
    std::jthread thread_;            ///< last: it ends before what it uses goes
};

} // namespace lazulite::gui
