#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/io/file_series.h"
#include "lazulite/io/tiff_file.h"

namespace lazulite::io::series {

/// An axis that lies inside the files.
struct InnerAxis {
    std::string name;
    std::int64_t size = 1;
    std::int64_t stride = 1; ///< pages from one position to the next
    std::vector<std::string> labels;
};

/// Where each plane of an array lies, for sets of files whose metadata say so plane by plane.
struct PlaneTable {
    static constexpr std::uint32_t kNoPlane = 0xFFFFFFFF;
    static constexpr std::uint32_t kThisFile = 0xFFFFFFFE;

    std::vector<std::string> files; ///< names beside the file that told it; empty: all planes lie in each file itself
    std::vector<std::uint32_t>
        file; ///< plane (row-major over the inner axes) -> index in `files`, kThisFile or kNoPlane
    std::vector<std::uint32_t> page;
};

/// What a file, or a file beside it, tells of its pages. Lengths in um, times in s.
struct Metadata {
    std::string convention;            ///< "OME-TIFF", "ImageJ hyperstack"
    std::string origin;                ///< where the spacing is from, for people: "OME-XML"
    std::vector<InnerAxis> axes;       ///< slowest to fastest is not implied; the strides tell
    std::shared_ptr<PlaneTable> table; ///< replaces the strides
    bool contiguous = false;           ///< may hold its planes behind one IFD
    std::optional<double> z;
    std::optional<double> y;
    std::optional<double> x;
    std::optional<double> seconds; ///< from one t to the next
    std::vector<std::string> channelNames;
    std::vector<std::optional<std::array<float, 3>>> channelColors;
    std::vector<std::array<double, 2>> channelRanges;
    std::vector<std::string> warnings;

    std::int64_t pages() const; ///< how many the axes ask for
};

/// What the readers of metadata may look at.
struct MetadataInput {
    const TiffFile& file;
    std::string folder;                ///< the file's folder, with "/" at its end or empty
    std::vector<std::string> sidecars; ///< absolute paths of files that may hold metadata
};

// Each returns nothing where the file is not of its kind. None throws for bad contents: they are ignored with a
// warning.
std::optional<Metadata> readOme(const MetadataInput& input);
std::optional<Metadata> readImageJ(const MetadataInput& input);
std::optional<Metadata> readShaped(const MetadataInput& input);
std::optional<Metadata> readMicroManager(const MetadataInput& input);
std::optional<Metadata> readMetaMorph(const MetadataInput& input);
std::optional<Metadata> readNdTiff(const MetadataInput& input);
/// Pages are z; the resolution tags give the pixel size where they are believable.
Metadata readPlain(const TiffFile& file, std::int64_t pages);

/// LLSM settings beside the data: adds what `metadata` does not know. `channels` and `planes` are those of one stack.
void readSettings(const std::string& path, Metadata& metadata, ScanSettings& settings, std::int64_t planes);

/// Cuts or shortens the axes so that they ask for no more than `pages`; says so in the warnings.
void fitToPages(Metadata& metadata, std::int64_t pages);

/// Page sizes from XResolution and YResolution where the unit is a length that a microscope's pixel can have.
void readResolution(const TiffTags& tags, Metadata& metadata);

/// The contents of a small file, at most `most` bytes; empty where it cannot be read.
std::string readText(const std::string& path, std::size_t most);

} // namespace lazulite::io::series
