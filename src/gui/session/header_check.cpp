#include "session/header_check.h"

#include <QMetaObject>
#include <algorithm>
#include <chrono>
#include <utility>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace lazulite::gui {

namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(50); ///< whether it is quiet now
constexpr auto kTellEvery = std::chrono::milliseconds(250);
constexpr auto kAfterMotion = std::chrono::milliseconds(200);
constexpr int kRestShare = 4; ///< as many times as long as it looked it rests

void givePrecedenceToOthers() {
#ifdef __linux__
    constexpr int kLowest = 19;
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowest); // on Linux this is the thread's
#endif
}

} // namespace

HeaderCheck::HeaderCheck(std::function<bool()> quiet, QObject* parent)
    : QObject(parent), quiet_(std::move(quiet)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

HeaderCheck::~HeaderCheck() {
    stop();
    thread_.request_stop();
}

void HeaderCheck::start(std::size_t files, Look look) {
    stop();
    auto job = std::make_shared<Job>();
    job->files = files;
    job->look = std::move(look);
    {
        const std::lock_guard lock(mutex_);
        job_ = std::move(job);
        waiting_ = true;
    }
    changed_.notify_all();
}

void HeaderCheck::stop() {
    const std::lock_guard lock(mutex_);
    if (job_) std::stop_source(job_->stop).request_stop();
    job_.reset();
    waiting_ = false;
}

void HeaderCheck::postpone() {
    notBefore_ = Clock::now() + kAfterMotion;
}

void HeaderCheck::work(const std::stop_token& stop) {
    givePrecedenceToOthers();
    while (true) {
        std::shared_ptr<const Job> job;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [this] { return waiting_; })) return;
            waiting_ = false;
            job = job_;
        }
        run(job);
    }
}

void HeaderCheck::run(const std::shared_ptr<const Job>& job) {
    const std::size_t looks = std::min(job->files, kMostFiles);
    ReadCounts counts;
    std::vector<view::Problem> news;
    std::size_t findings = 0;
    const auto tell = [&] {
        if (news.empty()) return;
        post(job, [this, problems = std::exchange(news, {})] { emit found(problems); });
    };
    Clock::time_point told = Clock::now();
    Clock::duration took{};
    for (std::size_t i = 0; i < looks && findings < kMostFindings; ++i) {
        if (!rest(*job, took * kRestShare)) return;
        const Clock::time_point begin = Clock::now();
        if (auto problem = job->look(i * job->files / looks, counts)) {
            news.push_back(std::move(*problem));
            ++findings;
        }
        took = Clock::now() - begin;
        if (Clock::now() - told > kTellEvery) {
            tell();
            told = Clock::now();
        }
    }
    tell();
    post(job, [this, looks, counts] { emit ended(looks, counts); });
}

bool HeaderCheck::rest(const Job& job, Clock::duration atLeast) {
    const Clock::time_point end = Clock::now() + atLeast;
    const std::stop_token stop = job.stop.get_token();
    while (!stop.stop_requested()) {
        const Clock::time_point now = Clock::now();
        const bool quiet = now >= notBefore_.load() && quiet_();
        if (quiet && now >= end) return true;
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, stop, quiet ? end : now + kLookAgain, [] { return false; });
    }
    return false;
}

/// Tells it on the thread that owns this, unless the job was given up meanwhile.
void HeaderCheck::post(const std::shared_ptr<const Job>& job, std::function<void()> tell) {
    QMetaObject::invokeMethod(
        this,
        [stop = job->stop.get_token(), tell = std::move(tell)] {
            if (!stop.stop_requested()) tell();
        },
        Qt::QueuedConnection);
}

} // namespace lazulite::gui
