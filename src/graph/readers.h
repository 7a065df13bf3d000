#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "lazulite/graph/executor.h"

namespace lazulite::graph {

/// The threads that read. A read waits for a disk or a network, and for ever where that hangs, so these are none of
/// oneTBB's, whose waiting threads may take up anything that is to be done. Who has something to read reads too, on its
/// own thread: what hangs for one never keeps another from its reads.
class Readers {
public:
    explicit Readers(int threads);
    ~Readers(); ///< nobody reads any more by then

    /// Runs read(0) ... read(count - 1), begun in this order, here and on the threads that are free, and returns when
    /// all are done. A free thread takes the highest priority, and among equals what fewest read for. What one of them
    /// throws first is thrown here.
    void forEach(std::size_t count, Priority priority, const std::function<void(std::size_t)>& read);

private:
    struct Batch;

    void help();
    /// Runs the next read of a batch that has one.
    void readOne(Batch& batch, std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable opened_;
    std::list<Batch*> open_; ///< those with reads that nobody has begun
    bool closing_ = false;
    std::vector<std::thread> threads_;
};

} // namespace lazulite::graph
