#pragma once

#include <string>

#include "options.h"

/// What the program tells its user: on standard error, and in the log file where one is asked for.
namespace lazulite::cli {

/// Sets up the log. Throws Failure where the log file cannot be written.
void startMessages(const LogOptions& options);

void tellError(const std::string& message);   ///< always
void tellWarning(const std::string& message); ///< unless --quiet
void tellDetail(const std::string& message);  ///< with --verbose

/// Whether progress bars are wanted: standard error is a terminal, and not --quiet.
bool progressWanted();

} // namespace lazulite::cli
