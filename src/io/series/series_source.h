#pragma once

#include <memory>

#include "lazulite/core/source.h"
#include "series/series_layout.h"
#include "series/tiff_cache.h"

namespace lazulite::io::series {

/// A series as an array: maps a region to pages of files. `level` -1 is the data itself, else a level of the pyramid.
class SeriesSource : public Source {
public:
    SeriesSource(std::shared_ptr<const SeriesLayout> layout, std::shared_ptr<TiffCache> files, int level);

    const Axes& axes() const override { return axes_; }
    DType dtype() const override { return layout_->dtype; }
    std::string identity() const override;
    Shape blockShape() const override { return blockShape_; }
    Shape grainShape() const override { return grainShape_; }
    Shape fileShape() const override { return fileShape_; }
    std::uint64_t stamp(const Region& region) const override;
    Result<void> read(const Destination& destination, std::stop_token stop, ReadCounts& counts) const override;

private:
    const TiffPage& page() const;
    void setShapes();
    Result<void> readPlane(const Destination& destination, const SeriesLayout::Place& place,
                           const std::stop_token& stop, ReadCounts& counts) const;
    Error holeAt(const std::vector<std::int64_t>& position) const;
    bool insideOneFile(const Region& region) const;

    std::shared_ptr<const SeriesLayout> layout_;
    std::shared_ptr<TiffCache> files_;
    int level_;
    Axes axes_;
    Shape blockShape_;
    Shape grainShape_;
    Shape fileShape_;
    std::size_t row_ = 0; ///< the axes within a page
    std::size_t column_ = 0;
    std::optional<std::size_t> sample_;
};

} // namespace lazulite::io::series
