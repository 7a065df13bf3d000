#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lazulite/pipeline/config.h"

/// What the panel does to a config; each gives the changed one.
namespace lazulite::gui {

/// Nothing: the parameter is left to its default.
pipeline::Config withParameter(pipeline::Config config, std::size_t step, const std::string& key,
                               const std::optional<pipeline::Value>& value);
pipeline::Config withStepAdded(pipeline::Config config, const std::string& op, std::size_t at);
pipeline::Config withStepRemoved(pipeline::Config config, std::size_t step);
/// The step comes to stand at `to`, as counted afterwards.
pipeline::Config withStepMoved(pipeline::Config config, std::size_t step, std::size_t to);

/// Where a step stands after withStepMoved().
std::size_t placeAfterMove(std::size_t step, std::size_t from, std::size_t to);

/// How a step is called: its label, else its op.
std::string titleOf(const pipeline::Step& step);

} // namespace lazulite::gui
