#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/error.h"
#include "lazulite/core/source.h"

namespace lazulite::io {

/// What the user says where the names or the metadata do not, or say it wrong.
struct SeriesOptions {
    std::string pattern; ///< "*_ch{c}_stack{t}_*.tif"; empty: found from the names
    /// The names of all axes, in the order in which the array lists them: "ztcyx" calls its first axis z and its second
    /// t. Nothing is moved. Longer names are parted by commas: "pos,t,c,z,y,x". Empty: as understood.
    std::string axesOrder;
    std::vector<double> voxel;                                ///< z, y, x in um (or y, x); empty: from the metadata
    std::vector<std::pair<std::string, std::string>> renames; ///< old axis name -> new one
    std::map<std::string, double> spacings;                   ///< axis name -> spacing (keeps the axis's unit)
    std::map<std::string, std::string> units;                 ///< axis name -> unit
    std::function<void(std::size_t)> onListed; ///< called now and then with the number of names found so far
    std::stop_token stop;                      ///< cancels the listing (Failure of kind Cancelled)
};

/// Defaults for a later deskew, from the settings file beside the data.
struct ScanSettings {
    std::optional<double> angleDegrees;
    std::optional<double> stageStep; ///< um between planes along the stage
    std::string path;                ///< where it was read
};

/// A folder of TIFF files resolved into one grid: outer axes from the names, inner axes from the files. Implicit: a
/// pattern, the sorted values of each axis and the holes; memory grows with the number of names.
class FileSeries {
public:
    /// `paths`: a folder, a file, a glob, a pattern with {axis} fields, or a list of files and folders. In a pattern
    /// "*" is any text without "/", "?" one character, "{c}" a field; a field used twice makes one axis of both values.
    /// Axes come in the order: the names' own (well, angle ...), p, t, c, z, y, x, s (colour samples); of size 1 only
    /// where a pattern names them. An axis that the names share with the files' own is called "t_file". Reads names and
    /// the header of one file. Throws Failure: no such path, no TIFF among the names, a first file that cannot be read,
    /// options that contradict the data.
    static std::shared_ptr<const FileSeries> open(const std::vector<std::string>& paths, const SeriesOptions& options,
                                                  ReadCounts& counts);

    virtual ~FileSeries() = default;

    virtual const Axes& axes() const = 0;
    virtual DType dtype() const = 0;
    virtual std::size_t fileCount() const = 0;
    virtual std::size_t holeCount() const = 0;
    /// The grid places (indices of the outer axes, others 0) that no file fills, at most `most` of them.
    virtual std::vector<std::vector<std::int64_t>> holes(std::size_t most) const = 0;
    /// The file that holds the element at `position`, empty for a hole.
    virtual std::string pathAt(const std::vector<std::int64_t>& position) const = 0;
    /// Where the first element of file number `file` (0 .. fileCount-1) stands in the array; empty where no file has
    /// it.
    virtual std::vector<std::int64_t> positionOf(std::size_t file) const = 0;
    /// What was understood, in words: "lattice light-sheet names (ch, stack)", "ImageJ hyperstack".
    virtual const std::string& convention() const = 0;
    /// The pattern with {axis} fields that selects the same files.
    virtual const std::string& pattern() const = 0;
    /// Where the data come from: the folder or file.
    virtual const std::string& location() const = 0;
    /// Where the voxel size and the time interval are from: "ImageJ metadata", "--voxel", "not known".
    virtual const std::string& spacingOrigin() const = 0;
    /// What was ignored, doubtful or overridden; one sentence each.
    virtual const std::vector<std::string>& warnings() const = 0;
    /// Red, green, blue in 0..1 for each channel that the metadata gives a colour, else nothing.
    virtual std::vector<std::optional<std::array<float, 3>>> channelColors() const = 0;
    /// Contrast limits that the metadata gives (ImageJ Ranges), one a channel, or empty.
    virtual std::vector<std::array<double, 2>> channelRanges() const = 0;
    virtual const ScanSettings& scanSettings() const = 0;

    /// The array to read. Shares what it needs with this object.
    virtual std::shared_ptr<const Source> source() const = 0;

    /// The shapes of the reduced copies that the files hold (axes as in axes()), the largest first; empty where there
    /// are none.
    virtual std::vector<Shape> pyramidLevels() const = 0;
    /// Reduced copy `level` (0 .. pyramidLevels().size()-1) as an array of its own, with y and x spaced wider.
    virtual std::shared_ptr<const Source> levelSource(int level) const = 0;

    /// Compares the header of file number `file` (0 .. fileCount-1) with the first one's: nothing, or what differs
    /// (Mismatch, Corrupt, ...). For a check in the background.
    virtual Result<void> check(std::size_t file, ReadCounts& counts) const = 0;
};

} // namespace lazulite::io
