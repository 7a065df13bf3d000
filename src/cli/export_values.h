#pragma once

#include <string>
#include <utility>

#include "lazulite/batch/export.h"

/// The values of export's own options. All throw Failure with what is possible.
namespace lazulite::cli {

/// NumPy's name of an element type.
DType parseType(const std::string& text, const std::string& option);

/// "zstd" or "zstd:12" -> the codec and its level, 0 for the usual one.
std::pair<io::TiffWriteOptions::Compression, int> parseCompression(const std::string& text);

/// "auto", "imagej" or "ome".
batch::MetadataKind parseMetadata(const std::string& text);

} // namespace lazulite::cli
