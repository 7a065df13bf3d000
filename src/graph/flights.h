#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::graph {

/// What is being made right now: who wants a block that another request is making waits for it instead of making it
/// again. A block is given up when the last one who wants it has cancelled.
class Flights {
public:
    struct Key {
        Fingerprint print;
        Region region;
        std::uint64_t stamp = 0;
        bool fillHoles = false;
        bool operator==(const Key&) const = default;
    };

    struct Landing {
        Result<Block> block = Error::cancelled();
        std::vector<Error> problems;
    };

    /// Runs `make` unless the block is in flight already; then waits for it and sets `joined`. `make` gets the token of
    /// the flight, which is stopped once nobody wants the block.
    Landing board(const Key& key, const std::stop_token& stop, bool& joined,
                  const std::function<Landing(const std::stop_token&)>& make);

private:
    struct Flight {
        std::mutex mutex;
        std::condition_variable_any landed;
        std::stop_source stop;
        int wanted = 1;
        bool done = false;
        Landing landing;

        bool join();
        void leave();
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept { return key.print.low ^ key.region.hash() ^ key.stamp; }
    };

    std::mutex mutex_;
    std::unordered_map<Key, std::shared_ptr<Flight>, KeyHash> flights_;
};

} // namespace lazulite::graph
