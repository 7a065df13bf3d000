#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "gate.h"
#include "lazulite/graph/executor.h"
#include "slice_request.h"

namespace lazulite::view {

/// Looks at a few planes of a channel elsewhere in the array, one after the other and below everything visible, and
/// says between which limits all of them lie. Never a scan: kPlanes planes, wherever the array ends.
class ContrastSampler {
public:
    static constexpr std::size_t kPlanes = 3;

    using Found = std::function<void(std::size_t channel, std::array<double, 2> limits)>;

    ContrastSampler(graph::Executor& executor, std::shared_ptr<Gate> gate, Found found);

    /// Samples a channel of the array; `limits` are those of the plane that was seen at `shown.position`.
    void start(const PlaneTarget& shown, std::size_t channel, std::array<double, 2> limits);
    void stop();

private:
    struct Job {
        std::size_t channel;
        std::array<double, 2> limits;
        std::vector<graph::Request> requests;
        std::stop_token stop;
        bool seen = false;
    };

    void next();
    void answer(Job& job, const graph::Outcome& outcome);

    graph::Executor& executor_;
    std::shared_ptr<Gate> gate_;
    Found found_;

    std::mutex mutex_;
    std::stop_source stop_;
    std::vector<std::shared_ptr<Job>> waiting_;
    bool running_ = false;
};

/// The planes of `channel` that are sampled: as the array is stored, whatever is displayed, at positions spread over
/// every other axis, without that of `shown`.
std::vector<PlaneTarget> contrastPlanes(const PlaneTarget& shown);

} // namespace lazulite::view
