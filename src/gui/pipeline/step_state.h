#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/graph/activity.h"
#include "lazulite/pipeline/pipeline.h"

namespace lazulite::gui {

/// What a step of a pipeline is doing.
struct StepState {
    enum class Kind {
        Off,      ///< switched off
        NotShown, ///< comes after the step that is looked at
        Unknown,  ///< not built yet
        Free,     ///< moves elements about and computes nothing
        Idle,     ///< what is shown did not need it, or found its results in memory
        Running,
        Done,
        Failed,   ///< it could not compute what was wanted
        Mistaken, ///< the config has to be mended before it can run
    };

    Kind kind = Kind::Unknown;
    double fraction = 0;     ///< done of what runs
    double milliseconds = 0; ///< that the last block took
    std::string text{};      ///< what failed or is wrong; else what a user should know of the step

    bool operator==(const StepState&) const = default;
};

/// One state for each step of `config`, which may have been changed since `built` (null: nothing was built yet) was
/// made of it. `lookedAt`: the last step whose result is shown; nothing: all are.
std::vector<StepState> stepStates(const pipeline::Config& config, const pipeline::Messages& messages,
                                  const pipeline::Pipeline* built, const graph::Activity& activity,
                                  std::optional<std::size_t> lookedAt);

/// The first step of which not even a slice fits the memory. `reports`: the raw data, then each step.
std::optional<std::size_t> stepThatIsTooLarge(const std::vector<pipeline::StageReport>& reports, std::uint64_t limit);

} // namespace lazulite::gui
