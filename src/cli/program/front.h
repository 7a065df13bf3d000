#pragma once

#include "lazulite/cli/cli.h"

namespace lazulite {

/// The window as the command line sees it; empty in a build without one.
cli::Front makeFront();

} // namespace lazulite
