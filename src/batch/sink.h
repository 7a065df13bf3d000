#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "layout.h"
#include "lazulite/batch/export.h"
#include "lazulite/core/block.h"

namespace lazulite::batch {

/// A file that values are written to, in row-major order. Unfinished, it vanishes.
class Sink {
public:
    using ForEach = decltype(io::TiffWriteOptions::forEach);

    virtual ~Sink() = default;

    /// Throws Failure where it cannot be written.
    virtual void append(const Block& values) = 0;
    /// Gives it its name; its size in bytes. Throws Failure.
    virtual std::uint64_t finish() = 0;
};

/// A TIFF of one volume, with the metadata that the options ask for. `forEach`: as in io::TiffWriteOptions.
std::unique_ptr<Sink> tiffSink(const Layout& layout, const Volume& volume, const Provenance& provenance,
                               const ExportOptions& options, Sink::ForEach forEach);

/// A .npy of everything.
std::unique_ptr<Sink> npySink(const Layout& layout, const ExportOptions& options);

/// How many pages the TIFF of a volume has.
std::int64_t pagesOf(const Layout& layout, const Volume& volume);

} // namespace lazulite::batch
