#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lazulite/batch/export.h"
#include "lineage.h"

namespace lazulite::batch {

/// What an export consists of, before anything is read or written.
struct Layout {
    enum class Format { Folder, Tiff, Npy };

    Layout(const graph::LazyArray& wanted, const Provenance& provenance, const ExportOptions& options);

    /// Everything along z, y and x (and s) of one volume.
    const Axis& rows() const { return axes()[axes().size() - 2 - samples]; }
    const Axis& columns() const { return axes()[axes().size() - 1 - samples]; }
    const Axes& axes() const { return array.axes(); }
    std::uint64_t bytesOf(const Region& region) const;
    std::uint64_t bytesOf(Shard shard) const;

    Format format = Format::Folder;
    graph::LazyArray array;  ///< as it is written: its type, and for TIFF the axes in the order others, z, y, x, s
    Lineage lineage;         ///< of array
    std::size_t outer = 0;   ///< how many axes come before those of a volume
    std::size_t samples = 0; ///< 1 where the last axis are colour samples
    Region region;           ///< of array
    std::string folder;      ///< where the results come
    std::vector<Volume> volumes;

private:
    void addVolumes(const Provenance& provenance);
};

/// The numbers of a shard's volumes, [begin, end). Throws Failure where there is no such shard.
Interval rangeOf(const Shard& shard, std::size_t volumes);

} // namespace lazulite::batch
