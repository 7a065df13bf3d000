#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "layout.h"
#include "lazulite/batch/export.h"
#include "lazulite/io/tiff_description.h"

/// What is written down about results: short in each file, in full beside them.
namespace lazulite::batch {

/// 32 hexadecimal digits that tell what the values and the metadata of a volume depend on: the steps, the region, the
/// options, and name, size and time of the files that are read.
std::string keyOf(const Layout& layout, const Volume& volume, const ExportOptions& options);
/// The same of everything together.
std::string keyOf(const Layout& layout, const ExportOptions& options);

/// What a file's description says besides what its pages are.
io::TiffNotes notesFor(const Volume& volume, const Provenance& provenance, const std::string& key);
/// The key that a description made with such notes holds.
std::optional<std::string> keyIn(std::string_view description);

/// Where the full record lies.
std::string recordPath(const Layout& layout, const ExportOptions& options);
/// The files that the record there lists, relative to its folder; none where there is no record.
std::set<std::string> filesInRecord(const std::string& recordPath);
/// The key in the record of a single file.
std::optional<std::string> keyInRecord(const std::string& recordPath);

/// Writes pipeline, sources, options and volumes to recordPath(). What it says of other exports into the same folder
/// stays, but for files that are written anew. Throws Failure: what lies there is no record of an export, no
/// permission, no room.
void writeRecord(const Layout& layout, const Provenance& provenance, const ExportOptions& options);

} // namespace lazulite::batch
