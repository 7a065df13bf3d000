#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lazulite/graph/forecast.h"
#include "lazulite/graph/lazy_array.h"
#include "lazulite/io/file_series.h"
#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {

/// What stands behind one step.
struct Stage {
    std::size_t step = 0;   ///< index in the config's steps
    graph::LazyArray array; ///< the result up to and with this step; as before it where it is switched off
    std::vector<graph::Fingerprint> computations{}; ///< of the operations that the step added, to follow their work
    std::string note{}; ///< what was done that a user should know ("PSF resampled from 0.1 to 0.104 um")
};

/// A config that met its data: a chain of lazy arrays. Making one reads the images that steps name (PSF, flat field),
/// no pixel of the data.
struct Pipeline {
    Config config;
    graph::LazyArray raw;
    std::vector<Stage> stages;        ///< one a step
    std::vector<std::string> sources; ///< files that were read besides the data

    /// The last stage, under the scale that [view] gives; `raw` where there is no step.
    graph::LazyArray result() const;
};

struct Built {
    Pipeline pipeline;
    Messages messages;

    bool ok() const { return messages.empty(); }
};

/// Makes the chain. Messages: what does not fit these data (a missing channel, a crop that leaves nothing, a step that
/// needs stacks, a PSF that cannot be used), all of them at once. A deskew that is followed by a rotation becomes one
/// interpolation; stages keep their numbers.
Built buildPipeline(const Config& config, const graph::LazyArray& raw, const io::ScanSettings& scan);

/// The same for a config that may be wrong in itself: with what is usable of it, so that all mistakes are told at once.
Built buildPipeline(const Parsed& parsed, const graph::LazyArray& raw, const io::ScanSettings& scan);

/// What a step's result looks like, and what it will cost to look at it where nothing is cached.
struct StageReport {
    std::string title; ///< "raw data", "step 1: deskew (label)"
    std::string note{};
    bool enabled = true;
    graph::LazyArray array;
    graph::Forecast slice{};  ///< of a plane (y, x) in the middle
    graph::Forecast volume{}; ///< of the (z, y, x) around it
};

/// The raw data and each step. `memoryLimit`: bytes that an executor would have. No pixel is read.
std::vector<StageReport> report(const Pipeline& pipeline, std::uint64_t memoryLimit);

/// The same for people.
std::string describe(const Pipeline& pipeline, std::uint64_t memoryLimit);

} // namespace lazulite::pipeline
