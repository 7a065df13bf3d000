#pragma once

#include <vector>

#include "lazulite/pipeline/schema.h"

/// The parts of the table of steps, in the order of the documentation.
namespace lazulite::pipeline {

constexpr double kLeastLength = 0.0001; ///< um, of a voxel's sides
constexpr double kLargestLength = 1000;

std::vector<StepSchema> geometrySchemas();
std::vector<StepSchema> intensitySchemas();
std::vector<StepSchema> restorationSchemas();
std::vector<StepSchema> axesSchemas();

} // namespace lazulite::pipeline
