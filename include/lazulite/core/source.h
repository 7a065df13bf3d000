#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "lazulite/core/axis.h"
#include "lazulite/core/block.h"
#include "lazulite/core/dtype.h"
#include "lazulite/core/error.h"

namespace lazulite {

/// What a read really did; added up into the ledger.
struct ReadCounts {
    std::int64_t filesOpened = 0;
    std::int64_t pagesRead = 0;
    std::int64_t bytesRead = 0; ///< bytes taken from disk, before decoding

    ReadCounts& operator+=(const ReadCounts& other);
};

/// Where raw data comes from: an array that can be read by region. A new format is a class that derives from this one.
/// All functions may be called from several threads at once.
class Source {
public:
    virtual ~Source() = default;

    virtual const Axes& axes() const = 0;
    virtual DType dtype() const = 0;

    /// Tells this source from every other one: the path or pattern, and how it was understood.
    virtual std::string identity() const = 0;

    /// The block that is best read and kept as one, usually a page (rank = that of axes()).
    virtual Shape blockShape() const = 0;

    /// The smallest piece that can be read without decoding its neighbours (a strip or tile; one row where the data lie
    /// uncompressed). Reads are cut along multiples of it, for cancelling and for use of all cores.
    virtual Shape grainShape() const = 0;

    /// The box of axes that one file covers, such as (1, 1, nz, ny, nx).
    virtual Shape fileShape() const = 0;

    /// A number that changes when the files behind `region` change on disk (size or modification time). May ask the
    /// file system; never reads pixels.
    virtual std::uint64_t stamp(const Region& region) const = 0;

    /// Reads `destination.region` into the destination (same dtype). Elements that no file holds (holes) are an
    /// Error of kind Missing where the region lies inside one file's box.
    /// Stops with Error::cancelled() between pages, strips or tiles once `stop` is requested.
    virtual Result<void> read(const Destination& destination, std::stop_token stop, ReadCounts& counts) const = 0;
};

} // namespace lazulite
