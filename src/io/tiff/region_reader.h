#pragma once

#include <cstdint>
#include <stop_token>

#include "lazulite/core/block.h"
#include "lazulite/core/error.h"
#include "tiff/file_handle.h"
#include "tiff/page_layout.h"

namespace lazulite::io {

/// One read of a box of a page.
struct RegionRequest {
    const OpenFile& file;
    const TiffHeader& header;
    const PageLayout& layout;
    const Destination& destination; ///< axes (y, x, sample), inside the page, of the page's type
    std::uint64_t dataShift = 0;    ///< bytes from the layout's data to those meant (stacks with one directory)
    std::stop_token stop;
};

/// Reads and decodes the strips and tiles that meet the box. Returns Error::cancelled() between them where stop is
/// requested; throws Failure.
Result<void> readRegion(const RegionRequest& request);

} // namespace lazulite::io
