#pragma once

#include <memory>
#include <optional>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/graph/ledger.h"
#include "lazulite/io/file_series.h"
#include "lazulite/pipeline/pipeline.h"
#include "options.h"

namespace lazulite::cli {

/// The data that a command works on.
struct Input {
    std::shared_ptr<const io::FileSeries> series;
    graph::LazyArray array;                       ///< the raw data, or what the pipeline makes of them
    std::optional<pipeline::Pipeline> pipeline{}; ///< where one was asked for
    graph::Costs costs;                           ///< what opening took
};

/// Ends a command: a pipeline config with mistakes.
struct WrongConfig {
    pipeline::Messages messages;
};

/// Reads the names and one header (and what a pipeline's steps name: PSF, flat field), and tells warnings and details.
/// Throws Failure where the data cannot be opened, WrongConfig where the pipeline has mistakes or does not fit them.
Input openInput(const InputOptions& options);

/// The array that the options' pipeline makes of raw data; throws as openInput does. `parsed`: the config, as read.
pipeline::Pipeline buildFor(const pipeline::Parsed& parsed, const io::FileSeries& series, const graph::LazyArray& raw);

/// Prints each mistake as "file:line:column: text".
void tellMistakes(const pipeline::Messages& messages);

/// "cancelled", "no such folder": the failure of FileSeries::open, with a hint where a mistyped command was taken for a
/// path.
[[noreturn]] void explainOpenFailure(const InputOptions& options, const Failure& failure);

} // namespace lazulite::cli
