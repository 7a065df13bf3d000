#pragma once

#include <string>

/// What FFTW learnt about this machine, kept as a file. Both are to be called while no plan is being made.
namespace lazulite::compute::cpu {

/// The file that plans are remembered in: $XDG_CACHE_HOME/lazulite/..., else ~/.cache/lazulite/...; empty: nowhere.
std::string wisdomFile();

/// Adds what the file holds to what is known. A file that is missing or broken adds nothing.
void loadWisdom(const std::string& path);

/// Writes all that is known, whole or not at all; no folder or no room is no fault of the computation and is ignored.
void saveWisdom(const std::string& path);

} // namespace lazulite::compute::cpu
