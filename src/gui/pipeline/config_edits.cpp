#include "pipeline/config_edits.h"

#include <algorithm>
#include <utility>

namespace lazulite::gui {

namespace {

auto placeOf(pipeline::Config& config, std::size_t step) {
    return config.steps.begin() + static_cast<std::ptrdiff_t>(std::min(step, config.steps.size()));
}

} // namespace

pipeline::Config withParameter(pipeline::Config config, std::size_t step, const std::string& key,
                               const std::optional<pipeline::Value>& value) {
    if (step >= config.steps.size()) return config;
    if (value)
        config.steps[step].set(key, *value);
    else
        config.steps[step].erase(key);
    return config;
}

pipeline::Config withStepAdded(pipeline::Config config, const std::string& op, std::size_t at) {
    pipeline::Step step;
    step.op = op;
    config.steps.insert(placeOf(config, at), std::move(step));
    return config;
}

pipeline::Config withStepRemoved(pipeline::Config config, std::size_t step) {
    if (step < config.steps.size()) config.steps.erase(placeOf(config, step));
    return config;
}

pipeline::Config withStepMoved(pipeline::Config config, std::size_t step, std::size_t to) {
    if (step >= config.steps.size()) return config;
    pipeline::Step moved = std::move(config.steps[step]);
    config.steps.erase(placeOf(config, step));
    config.steps.insert(placeOf(config, to), std::move(moved));
    return config;
}

std::size_t placeAfterMove(std::size_t step, std::size_t from, std::size_t to) {
    if (step == from) return to;
    if (from < step && step <= to) return step - 1;
    if (to <= step && step < from) return step + 1;
    return step;
}

std::string titleOf(const pipeline::Step& step) {
    return step.label.empty() ? step.op : step.label;
}

} // namespace lazulite::gui
