#include "raw_values.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "lazulite/core/error.h"
#include "lazulite/graph/operation.h"

namespace lazulite::ops {

using graph::LazyArray;

namespace {

bool isSpatial(const Axis& axis) {
    return axis.name == "z" || axis.name == "y" || axis.name == "x";
}

/// The sizes of an array's spatial axes, or of the others, with their names.
std::vector<std::pair<std::string, std::int64_t>> sizes(const LazyArray& array, bool spatial) {
    std::vector<std::pair<std::string, std::int64_t>> result;
    for (const Axis& axis : array.axes()) {
        if (isSpatial(axis) == spatial) result.emplace_back(axis.name, axis.size);
    }
    return result;
}

bool movesVoxels(const graph::Operation& operation) {
    constexpr std::array<std::string_view, 5> kNames{"affine", "deskew", "deskew-rotate", "drift", "rotate"};
    return std::find(kNames.begin(), kNames.end(), operation.name()) != kNames.end();
}

LazyArray unmoved(const LazyArray& array) {
    const graph::Operation* operation = array.operation();
    if (operation == nullptr || array.inputs().empty()) return array;
    const LazyArray& input = array.inputs()[0];
    if (movesVoxels(*operation)) return unmoved(input);
    if (operation->asView() == nullptr || array.inputs().size() != 1) return array;
    const LazyArray inner = unmoved(input);
    if (inner.fingerprint() == input.fingerprint()) return array;
    if (sizes(array, true) == sizes(input, true)) return array.derivedFrom({inner}); // other axes were cut or chosen
    return sizes(array, false) == sizes(input, false) ? inner : array;               // cut in space
}

} // namespace

LazyArray beforeGeometry(const LazyArray& array) {
    LazyArray before = unmoved(array);
    return sizes(before, false) == sizes(array, false) && before.rank() == array.rank() ? before : array;
}

} // namespace lazulite::ops
