#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lazulite/core/dtype.h"

/// Texts for the ImageDescription of a TIFF's first page, which tell other programs what its pages are.
namespace lazulite::io {

/// Words of our own that other programs keep or ignore: key and value, without line breaks.
using TiffNotes = std::vector<std::pair<std::string, std::string>>;

/// How the pages of an ImageJ hyperstack are meant. Pages come with the channel fastest, then the slice, then the
/// frame.
struct ImageJStack {
    std::int64_t channels = 1;
    std::int64_t slices = 1;
    std::int64_t frames = 1;
    double spacing = 0;    ///< between slices, in `unit`; 0: not known
    std::string unit = {}; ///< of spacing and of the resolution's pixels; "um" is written as ImageJ's "micron"
    double interval = 0;   ///< seconds between frames; 0: not known
    double displayMin = 0; ///< both 0: ImageJ chooses
    double displayMax = 0;
    TiffNotes notes = {};
};

/// The ImageDescription with which ImageJ and Fiji open the pages as a hyperstack of the right voxel size.
std::string imageJDescription(const ImageJStack& stack);
/// Whether ImageJ has this type.
bool imageJKnows(DType dtype);

/// A stack of one channel at one time, as OME describes it.
struct OmeStack {
    std::string name = {}; ///< of the image
    DType dtype = DType::UInt16;
    std::int64_t width = 1;
    std::int64_t height = 1;
    std::int64_t slices = 1;
    std::int64_t samples = 1; ///< a pixel
    double voxelX = 0;        ///< um; 0: not known
    double voxelY = 0;
    double voxelZ = 0;
    double interval = 0;      ///< seconds between timepoints; 0: not known
    double time = -1;         ///< seconds since the start; negative: not known
    std::string channel = {}; ///< its name
    TiffNotes notes = {};
};

/// OME-XML (2016-06) of such a file.
std::string omeDescription(const OmeStack& stack);
/// Whether OME has this type.
bool omeKnows(DType dtype);

/// tifffile's JSON of an array with more axes than pages have.
std::string shapedDescription(const std::vector<std::int64_t>& shape, const TiffNotes& notes = {});

} // namespace lazulite::io
