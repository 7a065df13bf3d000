#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lazulite/core/dtype.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/lazy_array.h"
#include "lazulite/io/file_series.h"
#include "lazulite/io/tiff_writer.h"

/// Writing what arrays hold to files: whole volumes, one after the other, within the memory budget.
namespace lazulite::batch {

/// Where exported values come from. It is written down with them.
struct Provenance {
    std::shared_ptr<const io::FileSeries> series{}; ///< the recording, whose files name the results; may be null
    std::string pipelineName{};
    std::string pipelinePath{};
    std::string pipelineText{};       ///< the config as it was used; empty: no pipeline
    std::vector<std::string> files{}; ///< what was read besides the recording (PSF, flat field)
};

/// What to do with results that are there already.
enum class Existing {
    Refuse, ///< Failure, before anything is computed
    Resume, ///< kept where they are whole, made anew where not; Failure where they were made by other steps or options,
            ///< or of files that have changed since
    Replace, ///< made anew
};

enum class MetadataKind {
    Auto, ///< ImageJ where it knows the type (uint8, uint16, float32), else OME where that does, else tifffile's JSON
    ImageJ,
    Ome,
};

struct ExportOptions {
    /// A folder (made where it is missing) for one TIFF a volume, or a .tif file for a single volume, or a .npy file
    /// for everything as one array.
    std::string output{};
    Region region{}; ///< of the array; rank 0: all of it
    /// Another element type: rounded and saturated.
    std::optional<DType> dtype{};
    /// These two values become the least and the largest of the integer type; in between it is linear.
    std::optional<std::array<double, 2>> scale{};
    io::TiffWriteOptions::Compression compression = io::TiffWriteOptions::Compression::None;
    int compressionLevel = 0; ///< of Deflate (1-12) or Zstd (1-22); 0: the usual one
    MetadataKind metadata = MetadataKind::Auto;
    bool bigTiff = false; ///< also where a file stays below 4 GB
    Existing existing = Existing::Refuse;
    bool fillHoles = false;    ///< zeros where a file is missing or bad, instead of a volume that fails
    int threads = 0;           ///< that compress; 0: one a core
    std::size_t computing = 2; ///< volumes that are read and computed at once, where memory allows
};

/// One file of an export (or, of a .npy file, one part): everything along z, y and x (and s) at one place of the other
/// axes.
struct Volume {
    Region region;                      ///< of the array as it is written: other axes first, then z, y, x
    std::string place{};                ///< "t=3, c=0"
    std::string file{};                 ///< where it is written
    std::vector<std::string> sources{}; ///< files of the recording that it is made from
    std::string missing{};              ///< what of the recording no file holds ("t=3, c=0"); empty: all is there
};

/// A part of the volumes of an export. Parts do not meet, so they may be written by several processes, at any time, in
/// any order: part `index` of `count` holds the volumes [n index / count, n (index + 1) / count).
struct Shard {
    std::size_t index = 0;
    std::size_t count = 1;
};

struct ExportProgress {
    std::size_t volumesDone = 0; ///< written, kept or failed
    std::size_t volumes = 0;
    double fraction = 0;                 ///< of all bytes, those of unfinished volumes counted
    double bytesPerSecond = 0;           ///< of values as they are written, uncompressed
    std::optional<double> secondsLeft{}; ///< nothing: not known yet
    std::string file{};                  ///< what is being written
};

/// How to follow and to end an export.
struct ExportControl {
    std::function<void(const ExportProgress&)> progress{}; ///< called on several threads, one at a time, often
    std::stop_token stop{};
};

struct ExportReport {
    struct Problem {
        std::string file; ///< the result that is missing, or holds zeros
        Error error;
    };

    std::size_t written = 0;
    std::size_t kept = 0;        ///< were there already
    std::vector<Problem> failed; ///< not written
    std::vector<Problem> filled; ///< written, with zeros where a file is missing or bad
    bool cancelled = false;      ///< what was finished before is there
    std::uint64_t bytesWritten = 0;
    graph::Costs costs; ///< of all volumes together
};

/// Files are written under another name beside their place and get their own when they are whole. Each tells in its
/// description what it was made from; `lazulite-export.json` in the folder (or "FILE.json" beside a single file) tells
/// it in full.
///
///     const batch::Export job(pipeline.result(), {.series = series}, {.output = "deskewed"});
///     const batch::ExportReport report = job.run(executor, {.progress = show, .stop = stop});
class Export {
public:
    /// Works out volumes and names. Reads no pixel and writes nothing. Throws Failure: options that contradict each
    /// other or the array.
    Export(const graph::LazyArray& array, Provenance provenance, ExportOptions options);
    ~Export();

    /// In the order in which they are written.
    const std::vector<Volume>& volumes() const;
    /// Bytes of all volumes as they are written, uncompressed.
    std::uint64_t bytes() const;
    /// Those of their files that are there already.
    std::vector<std::string> existing(Shard shard = {}) const;

    /// Writes the volumes of a shard; blocks, so not for the window's thread. Reading, computing and writing overlap as
    /// far as the executor's memory budget allows. A volume that cannot be read or computed fails alone. Throws Failure
    /// before anything is computed: results that exist, files that are read themselves, no permission, a disk that is
    /// too small, less memory than a plane takes; and later, where a file cannot be written.
    ExportReport run(graph::Executor& executor, const ExportControl& control = {}, Shard shard = {}) const;

private:
    struct Plan;
    std::unique_ptr<const Plan> plan_;
};

} // namespace lazulite::batch
