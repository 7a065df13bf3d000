#pragma once

#include <QString>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/gui/application.h"
#include "lazulite/io/file_series.h"
#include "lazulite/view/view_state.h"

namespace lazulite::gui {

/// What is open: the array that is looked at and where it is from.
struct Recording {
    graph::LazyArray array;
    std::shared_ptr<const io::FileSeries> series; ///< null where the array does not come from files
    std::vector<std::string> paths;               ///< what the user asked for
    io::SeriesOptions options;                    ///< and how it was to be understood
    std::vector<std::vector<std::int64_t>> holes; ///< grid places without a file, at most kMostHoles
    ReadCounts opening;                           ///< what opening cost
    QString title;                                ///< of the window

    static constexpr std::size_t kMostHoles = 5000;
};

/// Makes the axis `name` the channel axis ("c"); one that had that name is called "c2". Throws Failure where there is
/// none.
graph::LazyArray withChannelAxis(const graph::LazyArray& array, const std::string& name);

/// The state that a recording is first shown with: the middle of each axis, the colours of its metadata, and what the
/// options say. Throws Failure: an axis, index or plane that the array does not have.
view::ViewState startState(const Recording& recording, const WindowOptions& options);

} // namespace lazulite::gui
