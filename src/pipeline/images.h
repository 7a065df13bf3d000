#pragma once

#include <optional>
#include <string>

#include "lazulite/ops/deconvolve.h"
#include "step_maker.h"

/// Files that steps name. Paths are relative to the config's folder; what is wrong with one is said at its value.
namespace lazulite::pipeline {

/// The file that a parameter names, which exists; nothing (and a mistake) where it does not.
std::optional<std::string> fileNamed(StepInput& input, const std::string& key);

/// An image of the data's height and width, or a stack of the data's depth too. It is read when it is needed.
std::optional<LazyArray> imageNamed(StepInput& input, const std::string& key);

/// A PSF or an OTF, read now.
std::optional<ops::Psf> psfNamed(StepInput& input, const std::string& key, const std::string& voxelKey);

} // namespace lazulite::pipeline
