#pragma once

#include <string>

#include "lazulite/cli/cli.h"
#include "options.h"

/// The commands. Each returns an exit code and throws Failure where its options or its data do not allow it.
namespace lazulite::cli {

int viewCommand(const ViewOptions& options, char* programName, const Front& front);
int renderCommand(const RenderOptions& options, char* programName, const Front& front);
int infoCommand(const InfoOptions& options);
int checkCommand(const CheckOptions& options);
int sliceCommand(const SliceOptions& options);
int exportCommand(const ExportOptions& options);
int otfCommand(const OtfOptions& options);
int sampleCommand(const SampleOptions& options);

/// What --version prints.
std::string versionText(const Front& front);

} // namespace lazulite::cli
