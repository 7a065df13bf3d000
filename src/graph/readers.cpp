#include "readers.h"

#include <algorithm>
#include <tuple>

namespace lazulite::graph {

struct Readers::Batch {
    std::size_t count;
    Priority priority;
    const std::function<void(std::size_t)>& read;
    std::size_t begun = 0;
    int reading = 0;
    std::exception_ptr failure{};
    std::condition_variable rested{};
};

Readers::Readers(int threads) {
    threads_.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { help(); });
}

Readers::~Readers() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    opened_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Readers::forEach(std::size_t count, Priority priority, const std::function<void(std::size_t)>& read) {
    if (count == 0) return;
    Batch batch{.count = count, .priority = priority, .read = read};
    std::unique_lock lock(mutex_);
    open_.push_back(&batch);
    if (count > 1) opened_.notify_all();
    while (batch.begun < count) readOne(batch, lock);
    batch.rested.wait(lock, [&] { return batch.reading == 0; });
    if (batch.failure) std::rethrow_exception(batch.failure);
}

void Readers::readOne(Batch& batch, std::unique_lock<std::mutex>& lock) {
    const std::size_t next = batch.begun++;
    if (batch.begun == batch.count) open_.remove(&batch);
    ++batch.reading;
    lock.unlock();
    std::exception_ptr failure;
    try {
        batch.read(next);
    } catch (...) {
        failure = std::current_exception();
    }
    lock.lock();
    if (failure && !batch.failure) batch.failure = failure;
    if (--batch.reading == 0) batch.rested.notify_one(); // under the lock: then the batch may be gone
}

void Readers::help() {
    std::unique_lock lock(mutex_);
    while (true) {
        opened_.wait(lock, [&] { return closing_ || !open_.empty(); });
        if (closing_) return;
        const auto neediest = std::min_element(open_.begin(), open_.end(), [](const Batch* a, const Batch* b) {
            return std::tuple(b->priority, a->reading) < std::tuple(a->priority, b->reading);
        });
        readOne(**neediest, lock);
    }
}

} // namespace lazulite::graph
