#pragma once

#include <memory>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/graph/ledger.h"
#include "lazulite/io/file_series.h"
#include "options.h"

namespace lazulite::cli {

/// The data that a command works on.
struct Input {
    std::shared_ptr<const io::FileSeries> series;
    graph::LazyArray array;
    graph::Costs costs; ///< what opening took
};

/// Reads the names and one header, and tells warnings and details. Throws Failure where the data cannot be opened.
Input openInput(const InputOptions& options);

/// "cancelled", "no such folder": the failure of FileSeries::open, with a hint where a mistyped command was taken for a
/// path.
[[noreturn]] void explainOpenFailure(const InputOptions& options, const Failure& failure);

} // namespace lazulite::cli
