#pragma once

#include <string>

namespace lazulite::gui {

/// Where pipelines are computed, and what there is to choose from. (Without Qt, whose words kernels use as names.)
struct BackendReport {
    std::string active;   ///< "cpu", "cuda"
    std::string runsOn;   ///< "2 cores", "NVIDIA H100 (80 GB)"
    std::string cpu;      ///< what the processor is
    std::string cuda;     ///< what graphics cards there are; empty: none
    std::string whyNot;   ///< why there are none
    bool refused = false; ///< the graphics card was wanted and cannot be had
};

/// Makes "auto", "cpu" or "cuda" the active backend. Looking for graphics cards takes up to half a second: not for the
/// GUI thread.
BackendReport chooseBackend(const std::string& choice);

} // namespace lazulite::gui
