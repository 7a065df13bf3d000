// Opens any bytes as a TIFF and reads regions of its pages, by whatever way the bytes ask for.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/io/tiff_file.h"

namespace {

using lazulite::Region;

void readSome(const lazulite::io::TiffFile& file, std::int64_t page, int level, const lazulite::io::TiffPage& layout) {
    constexpr std::int64_t kRows = 200;
    constexpr std::int64_t kColumns = 200;
    constexpr std::int64_t kSamples = 5;
    const Region corner({{0, std::min(kRows, layout.height)},
                         {0, std::min(kColumns, layout.width)},
                         {0, std::min(kSamples, layout.samples)}});
    const Region middle({{layout.height / 2, std::min(layout.height / 2 + 3, layout.height)},
                         {layout.width / 3, std::min(layout.width / 3 + 7, layout.width)},
                         {layout.samples - 1, layout.samples}});
    for (const Region& region : {corner, middle}) {
        std::vector<std::byte> memory(static_cast<std::size_t>(region.elementCount()) * bytesPer(layout.dtype));
        lazulite::ReadCounts counts;
        const auto strides = lazulite::rowMajorStrides(region.shape(), bytesPer(layout.dtype));
        (void)file.read(page, {memory.data(), layout.dtype, region, strides}, {}, counts, level).ok();
    }
}

void readAll(const std::string& path) {
    constexpr std::int64_t kPages = 4;
    constexpr int kLevels = 3;
    lazulite::ReadCounts counts;
    const auto opened = lazulite::io::TiffFile::open(path, counts);
    if (!opened) return;
    lazulite::io::TiffFile& file = **opened;
    file.tags();
    const auto pages = file.pageCount();
    for (std::int64_t page = 0; page < (pages ? std::min(*pages, kPages) : kPages); ++page) {
        const auto layout = file.page(page);
        if (!layout) continue;
        readSome(file, page, -1, *layout);
        for (int level = 0; level < std::min(layout->subIfds, kLevels); ++level) {
            if (const auto reduced = file.subPage(page, level)) readSome(file, page, level, *reduced);
        }
    }
    if (file.setContiguousPages(2).ok()) readSome(file, 1, -1, file.firstPage());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int handle = memfd_create("fuzz", MFD_CLOEXEC);
    static const std::string path = "/proc/self/fd/" + std::to_string(handle);
    if (ftruncate(handle, 0) != 0 || pwrite(handle, data, size, 0) != static_cast<ssize_t>(size)) return 0;
    readAll(path);
    return 0;
}
