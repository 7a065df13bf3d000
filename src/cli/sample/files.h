#pragma once

#include <cstdint>
#include <string>

#include "recording.h"

/// The texts and names that lie beside a recording's stacks.
namespace lazulite::cli::sample {

/// "sample_CamA_ch0_stack0000_488nm_0000000msec_0016966725msecAbs.tif", as the lattice microscope names its stacks.
std::string stackName(const Recording& recording, std::int64_t timepoint, std::size_t channel);

/// The settings that the microscope's software writes: sections, scan, lasers, camera, stage angle.
std::string settingsText(const Recording& recording);

/// "psf/psf_488nm.tif", relative to the recording's folder.
std::string psfName(const Recording& recording, std::size_t channel);

/// A pipeline config for these stacks, with comments for people who read one for the first time.
std::string pipelineText(const Recording& recording);

/// What is truly in the recording, as JSON: optics, camera, beads (um and raw pixels), cells at each timepoint.
std::string truthText(const Recording& recording);

} // namespace lazulite::cli::sample
