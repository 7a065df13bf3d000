#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/io/tiff_file.h"

namespace lazulite::test {

/// One line of data/manifest.tsv.
struct Fixture {
    std::string file;
    std::int64_t pages = 1;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::int64_t samples = 1;
    DType dtype = DType::UInt8;
    std::string formula; ///< "full", "half" (full without the bits that 24-bit floats lack), "smooth", or bits
    double tolerance = 0;
    int level = -1;
    bool contiguous = false;

    Region whole() const { return Region::whole({height, width, samples}); }
};

std::vector<Fixture> fixtures();

std::string fixturePath(const std::string& file);

/// What make_fixtures.py wrote at that place, as the bytes of an element.
std::uint64_t expectedBits(const Fixture& fixture, std::int64_t page, std::int64_t y, std::int64_t x,
                           std::int64_t sample);

/// The bits of an element of a block of up to 8 bytes.
std::uint64_t bitsAt(const Block& block, const std::vector<std::int64_t>& position);

/// A dense piece of memory for a region.
struct Buffer {
    Buffer(DType dtype, const Region& region);

    Destination destination;
    std::shared_ptr<std::byte> memory;

    Block block() const { return {memory, destination.dtype, destination.region}; }
};

/// Opens, or fails the test.
std::shared_ptr<io::TiffFile> openTiff(const std::string& path);

/// A box of a page, or throws the Error as a Failure.
Block readBox(const io::TiffFile& file, std::int64_t page, const Region& region, int level = -1);
Block readPage(const io::TiffFile& file, std::int64_t page, int level = -1);

/// A folder for this test that is removed at its end.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    std::string path(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string bytesOfFile(const std::string& path);
void writeFile(const std::string& path, const std::string& bytes);

} // namespace lazulite::test
