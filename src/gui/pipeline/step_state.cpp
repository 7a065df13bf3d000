#include "pipeline/step_state.h"

#include <algorithm>

namespace lazulite::gui {

namespace {

/// The computations of one stage taken together: what failed before what runs before what is done.
StepState stateOf(const pipeline::Stage& stage, const graph::Activity& activity) {
    StepState state{.kind = stage.computations.empty() ? StepState::Kind::Free : StepState::Kind::Idle,
                    .text = stage.note};
    double running = 0;
    for (const graph::Fingerprint& print : stage.computations) {
        const std::optional<graph::Work> work = activity.of(print);
        if (!work) continue;
        switch (work->state) {
            case graph::Work::State::Failed:
                return {.kind = StepState::Kind::Failed, .text = work->error};
            case graph::Work::State::Running:
                state.kind = StepState::Kind::Running;
                state.fraction += work->fraction;
                ++running;
                break;
            case graph::Work::State::Done:
                if (state.kind == StepState::Kind::Idle) state.kind = StepState::Kind::Done;
                state.milliseconds += work->milliseconds;
                break;
        }
    }
    if (running > 0) state.fraction /= running;
    return state;
}

} // namespace

std::optional<std::size_t> stepThatIsTooLarge(const std::vector<pipeline::StageReport>& reports, std::uint64_t limit) {
    for (std::size_t i = 1; i < reports.size(); ++i) {
        if (reports[i].enabled && reports[i].slice.peak > limit) return i - 1;
    }
    return std::nullopt;
}

namespace {

bool sameSteps(const pipeline::Config& config, const pipeline::Config& built) {
    return std::ranges::equal(config.steps, built.steps, {}, &pipeline::Step::op, &pipeline::Step::op);
}

} // namespace

std::vector<StepState> stepStates(const pipeline::Config& config, const pipeline::Messages& messages,
                                  const pipeline::Pipeline* built, const graph::Activity& activity,
                                  std::optional<std::size_t> lookedAt) {
    std::vector<StepState> states(config.steps.size());
    const bool comparable = built != nullptr && sameSteps(config, built->config);
    for (std::size_t i = 0; i < states.size(); ++i) {
        const auto message = std::ranges::find(messages, i, &pipeline::Message::step);
        if (!config.steps[i].enabled) {
            states[i].kind = StepState::Kind::Off;
        } else if (message != messages.end()) {
            states[i] = {.kind = StepState::Kind::Mistaken, .text = message->text};
        } else if (lookedAt && i > *lookedAt) {
            states[i].kind = StepState::Kind::NotShown;
        } else if (comparable && i < built->stages.size()) {
            states[i] = stateOf(built->stages[i], activity);
        }
    }
    return states;
}

} // namespace lazulite::gui
