#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tiff/page_layout.h"

namespace lazulite::io {

/// Decodes one strip or tile with libtiff: `stored` are its bytes as they lie in the file, `decoded` receives the
/// samples in the machine's order with the predictor undone, `rows` rows of layout.rowBytes() bytes. libtiff sees
/// neither the file nor its directories, only a page made up of this one chunk; decoders are kept by thread and used
/// again for chunks of the same kind. May overwrite `stored` for the time of the call. Throws Failure (Corrupt) with
/// libtiff's words.
void decodeWithLibtiff(const PageLayout& layout, std::int64_t rows, std::span<std::byte> stored,
                       std::span<std::byte> decoded);

} // namespace lazulite::io
