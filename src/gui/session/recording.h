#pragma once

#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/gui/application.h"
#include "lazulite/io/file_series.h"
#include "lazulite/view/view_state.h"
#include "pipeline/loading.h"

namespace lazulite::gui {

/// What is open: an array, where it is from, and what is first made of it.
struct Recording {
    graph::LazyArray array;
    std::vector<graph::LazyArray> reduced;        ///< copies of it with fewer rows and columns that the files hold
    std::shared_ptr<const io::FileSeries> series; ///< null where the array does not come from files
    std::vector<std::string> paths;               ///< what the user asked for
    io::SeriesOptions options;                    ///< and how it was to be understood
    std::vector<std::vector<std::int64_t>> holes; ///< grid places without a file, at most kMostHoles
    ReadCounts opening;                           ///< what opening cost
    QString title;                                ///< of the window
    std::optional<LoadedPipeline> pipeline{};     ///< nothing where none was asked for

    /// What is to be looked at: the pipeline's result where there is one, else the array.
    graph::LazyArray shown() const;

    static constexpr std::size_t kMostHoles = 5000;
};

/// Makes the axis `name` the channel axis ("c"); one that had that name is called "c2". Throws Failure where there is
/// none.
graph::LazyArray withChannelAxis(const graph::LazyArray& array, const std::string& name);

/// Sets what [view] of a config says of dimensions and contrast.
void applyViewSettings(view::ViewState& state, const Axes& axes, const pipeline::ViewSettings& settings);

/// The state that a recording is first shown with: the middle of each axis, the colours of its metadata, what its
/// pipeline's [view] says, and what the options say. Throws Failure: an axis, index or plane that the array does not
/// have.
view::ViewState startState(const Recording& recording, const WindowOptions& options);

} // namespace lazulite::gui
