#pragma once

#include <string>

#include "lazulite/core/axis.h"
#include "lazulite/core/block.h"

namespace lazulite::cli {

/// Throws Failure where `output` is none that writeArray can write: another ending, no such folder, a terminal for "-".
/// Called before anything is read, so that a long read is not in vain.
void checkOutput(const std::string& output);

/// Writes the values to a .tif or .npy file, whole or not at all, or as .npy to standard output ("-"). Throws Failure.
void writeArray(const std::string& output, const Block& values, const Axes& axes);

} // namespace lazulite::cli
