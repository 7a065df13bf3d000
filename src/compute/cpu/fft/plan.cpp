#include "plan.h"

#include <fftw3.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "wisdom.h"

namespace lazulite::compute::cpu {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kQuiet = std::chrono::milliseconds(500); ///< without transforms before plans are measured
constexpr auto kPatience = std::chrono::seconds(2);     ///< after which they are measured beside transforms
/// A plan of another size that is asked for meanwhile has to wait for the one being measured (FFTW plans one at a
/// time), so no plan may take long.
constexpr double kMostSecondsPerPlan = 1;

struct FreeMemory {
    void operator()(fftwf_complex* memory) const { fftwf_free(memory); }
};

fftwf_plan plan(const LinesShape& shape, unsigned flags) {
    using Memory = std::unique_ptr<fftwf_complex, FreeMemory>;
    const auto elements = static_cast<std::size_t>(shape.span());
    const Memory from(fftwf_alloc_complex(elements));
    const Memory to(shape.inPlace ? nullptr : fftwf_alloc_complex(elements));
    return fftwf_plan_many_dft(1, &shape.length, shape.count, from.get(), nullptr, shape.stride, shape.distance,
                               to ? to.get() : from.get(), nullptr, shape.stride, shape.distance,
                               shape.forward ? FFTW_FORWARD : FFTW_BACKWARD, flags | FFTW_PRESERVE_INPUT);
}

/// All plans of the process. They are never destroyed: they are small, and somebody may be using them.
class Planner {
public:
    static Planner& instance() {
        static Planner planner;
        return planner;
    }

    LinesPlan planFor(const LinesShape& shape) {
        if (const auto known = find(shape)) return *known;
        const std::lock_guard planning(planning_);
        if (const auto known = find(shape)) return *known;
        if (!wisdomLoaded_) loadWisdom(wisdomFile());
        wisdomLoaded_ = true;
        fftwf_plan made = shape.once ? nullptr : plan(shape, FFTW_MEASURE | FFTW_WISDOM_ONLY);
        const bool measured = made != nullptr;
        if (!measured) made = plan(shape, shape.once ? FFTW_ESTIMATE | FFTW_UNALIGNED : FFTW_ESTIMATE);
        const std::lock_guard lock(books_);
        plans_[shape] = LinesPlan(made);
        if (!measured && !shape.once) {
            if (waiting_.empty()) waitingSince_ = Clock::now();
            waiting_.push_back(shape);
            changed_.notify_all();
        }
        return plans_[shape];
    }

    void begin() {
        const std::lock_guard lock(books_);
        ++transforming_;
    }
    void end() {
        const std::lock_guard lock(books_);
        if (--transforming_ > 0) return;
        quietSince_ = Clock::now();
        changed_.notify_all();
    }

    void awaitMeasured() {
        std::unique_lock lock(books_);
        hurry_ = true;
        changed_.notify_all();
        done_.wait(lock, [&] { return waiting_.empty(); });
        hurry_ = false;
    }

private:
    Planner() : measurer_([this](const std::stop_token& stop) { measureAll(stop); }) {}

    std::optional<LinesPlan> find(const LinesShape& shape) {
        const std::lock_guard lock(books_);
        const auto found = plans_.find(shape);
        return found == plans_.end() ? std::nullopt : std::optional(found->second);
    }

    /// When the next plan may be measured.
    Clock::time_point due() const {
        if (hurry_) return Clock::time_point::min();
        const Clock::time_point latest = waitingSince_ + kPatience;
        return transforming_ > 0 ? latest : std::min(latest, quietSince_ + kQuiet);
    }

    void measureAll(const std::stop_token& stop) {
        std::unique_lock lock(books_);
        while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
            if (Clock::now() < due()) {
                changed_.wait_until(lock, stop, due(), [&] { return Clock::now() >= due(); });
                continue;
            }
            const LinesShape shape = waiting_.front();
            lock.unlock();
            measure(shape, stop);
            lock.lock();
            waiting_.pop_front();
            waitingSince_ = Clock::now();
            if (!waiting_.empty()) continue;
            lock.unlock();
            save();
            lock.lock();
            done_.notify_all();
        }
    }

    void measure(const LinesShape& shape, const std::stop_token& stop) {
        if (stop.stop_requested()) return;
        const std::lock_guard planning(planning_);
        fftwf_set_timelimit(kMostSecondsPerPlan);
        fftwf_plan made = plan(shape, FFTW_MEASURE);
        fftwf_set_timelimit(FFTW_NO_TIMELIMIT);
        if (made == nullptr) return;
        const std::lock_guard lock(books_);
        plans_[shape] = LinesPlan(made);
    }

    void save() {
        const std::lock_guard planning(planning_);
        loadWisdom(wisdomFile()); // what other processes learnt meanwhile
        saveWisdom(wisdomFile());
    }

    std::mutex planning_; ///< FFTW's planner, and its wisdom
    bool wisdomLoaded_ = false;
    std::mutex books_; ///< all below; taken after planning_
    std::map<LinesShape, LinesPlan> plans_;
    std::deque<LinesShape> waiting_; ///< to be measured
    Clock::time_point waitingSince_{};
    Clock::time_point quietSince_{};
    int transforming_ = 0;
    bool hurry_ = false;
    std::condition_variable_any changed_;
    std::condition_variable_any done_;
    std::jthread measurer_; ///< last: it uses all of the above
};

} // namespace

void LinesPlan::run(const Complex* from, Complex* to) const {
    fftwf_execute_dft(plan_, reinterpret_cast<fftwf_complex*>(const_cast<Complex*>(from)),
                      reinterpret_cast<fftwf_complex*>(to));
}

LinesPlan planFor(const LinesShape& shape) {
    return Planner::instance().planFor(shape);
}

Transforming::Transforming() {
    Planner::instance().begin();
}

Transforming::~Transforming() {
    Planner::instance().end();
}

void awaitMeasuredPlans() {
    Planner::instance().awaitMeasured();
}

} // namespace lazulite::compute::cpu
