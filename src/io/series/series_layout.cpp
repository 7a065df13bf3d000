#include "series/series_layout.h"

namespace lazulite::io::series {

std::size_t SeriesLayout::gridPlace(const std::vector<std::int64_t>& position) const {
    std::int64_t place = 0;
    for (std::size_t k = 0; k < roles.size(); ++k) {
        if (roles[k].kind == AxisRole::Kind::Outer) place += position[k] * roles[k].stride;
    }
    return static_cast<std::size_t>(place);
}

SeriesLayout::Place SeriesLayout::placeOf(const std::vector<std::int64_t>& position) const {
    std::int64_t inner = 0;
    for (std::size_t k = 0; k < roles.size(); ++k) {
        if (roles[k].kind == AxisRole::Kind::Inner) inner += position[k] * roles[k].stride;
    }
    Place place;
    if (table) {
        const auto plane = static_cast<std::size_t>(inner);
        const std::uint32_t file = table->file[plane];
        if (file == PlaneTable::kNoPlane) return place;
        place.file = file == PlaneTable::kThisFile ? grid.fileAt(gridPlace(position)) : file;
        place.page = table->page[plane];
        return place;
    }
    place.file = grid.fileAt(gridPlace(position));
    place.page = inner;
    return place;
}

} // namespace lazulite::io::series
