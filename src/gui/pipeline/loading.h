#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/io/file_series.h"
#include "lazulite/pipeline/pipeline.h"

namespace lazulite::gui {

/// A config and what became of it.
struct LoadedPipeline {
    pipeline::Config config;                      ///< as it is written, with its mistakes
    pipeline::Messages messages;                  ///< all that has to be mended
    std::optional<pipeline::Pipeline> pipeline{}; ///< nothing where there is something to be mended, or no data
    /// The same with the steps alone that move voxels about: what lies at a place of the result before it was
    /// processed.
    std::optional<pipeline::Pipeline> geometry{};
    std::vector<pipeline::StageReport> reports{}; ///< of the raw data and of each step, where there is a pipeline

    bool ok() const { return messages.empty(); }
};

/// The result up to and with a step; nothing: of all of them.
graph::LazyArray arrayOf(const pipeline::Pipeline& pipeline, std::optional<std::size_t> step);

/// What a pipeline is built for.
struct PipelineInput {
    graph::LazyArray raw{}; ///< empty: no data yet, the config is only read
    io::ScanSettings scan{};
    std::uint64_t memoryLimit = 0; ///< bytes that computing may take
};

// These read the images that a config names: they are not for the GUI thread. None of them throws: whatever goes wrong
// is a message.

LoadedPipeline loadPipeline(const std::string& path, const PipelineInput& input);

/// The same for a config that was changed in the window; its values are checked as if they stood in a file.
LoadedPipeline makePipeline(pipeline::Config config, const PipelineInput& input);

} // namespace lazulite::gui
