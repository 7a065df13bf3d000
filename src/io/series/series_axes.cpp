#include "series/series_axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lazulite/core/units.h"
#include "series/name_text.h"

namespace lazulite::io::series {

namespace {

struct Placed {
    Axis axis;
    AxisRole role;
    std::vector<std::uint64_t> values;
};

bool hasName(const std::vector<Placed>& placed, std::string_view name) {
    return std::any_of(placed.begin(), placed.end(), [&](const Placed& p) { return p.axis.name == name; });
}

void addInner(const SeriesLayout& layout, const Metadata& metadata, std::vector<Placed>& placed) {
    std::vector<Placed> inner;
    for (const InnerAxis& axis : metadata.axes) {
        inner.push_back({{axis.name, axis.size, 1.0, "", axis.labels}, {AxisRole::Kind::Inner, axis.stride}, {}});
    }
    if (layout.table) { // entries of the table are row-major over the inner axes as they are listed
        std::int64_t stride = 1;
        for (std::size_t k = inner.size(); k-- > 0;) {
            inner[k].role.stride = stride;
            stride *= inner[k].axis.size;
        }
    }
    for (Placed& axis : inner) placed.push_back(std::move(axis));
}

void addOuter(const SeriesLayout& layout, std::vector<Placed>& placed, std::vector<std::string>& warnings) {
    std::int64_t stride = 1;
    for (const OuterAxis& outer : layout.grid.axes) stride *= outer.size;
    for (const OuterAxis& outer : layout.grid.axes) {
        stride /= outer.size;
        std::string name = outer.name;
        if (hasName(placed, name)) {
            name += "_file";
            while (hasName(placed, name)) name += "_";
            warnings.push_back(fmt::format(
                "both the names and the files have an axis {}; the one of the names is called {}", outer.name, name));
        }
        placed.push_back({{name, outer.size, 1.0, "", outer.labels}, {AxisRole::Kind::Outer, stride}, outer.values});
    }
}

void addPage(const SeriesLayout& layout, std::vector<Placed>& placed) {
    placed.push_back({{"y", layout.page.height, 1.0, "", {}}, {AxisRole::Kind::Row, 0}, {}});
    placed.push_back({{"x", layout.page.width, 1.0, "", {}}, {AxisRole::Kind::Column, 0}, {}});
    if (layout.page.samples < 2) return;
    // Samples are colours only where the file says so; else they are channels that share a page.
    constexpr int kRgb = 2;
    constexpr int kPalette = 3;
    constexpr int kSeparated = 5;
    constexpr int kYCbCr = 6;
    constexpr int kCieLab = 8;
    const int photometric = layout.page.photometric;
    const bool color = photometric == kRgb || photometric == kPalette || photometric == kSeparated ||
                       photometric == kYCbCr || photometric == kCieLab || hasName(placed, "c");
    placed.push_back({{color ? "s" : "c", layout.page.samples, 1.0, "", {}}, {AxisRole::Kind::Sample, 0}, {}});
}

/// What stands in the names where the numbers have gaps: "35 s", not the position's own time.
void labelGaps(Placed& placed) {
    if (placed.values.empty() || placed.axis.labels.empty() || placed.axis.unit.empty()) return;
    const double spacing = placed.axis.spacing;
    for (std::size_t i = 0; i < placed.values.size(); ++i) {
        const auto steps = static_cast<double>(placed.values[i] - placed.values[0]);
        placed.axis.labels[i] = quantityText(steps * spacing, placed.axis.unit);
    }
}

void setSpacing(std::vector<Placed>& placed, const char* name, const std::optional<double>& spacing, const char* unit) {
    if (!spacing || !std::isfinite(*spacing) || *spacing <= 0) return;
    for (Placed& axis : placed) {
        if (axis.axis.name != name) continue;
        axis.axis.spacing = *spacing;
        axis.axis.unit = unit;
        labelGaps(axis);
    }
}

void setChannelNames(std::vector<Placed>& placed, const std::vector<std::string>& names) {
    for (Placed& axis : placed) {
        if (axis.axis.name != "c" || static_cast<std::size_t>(axis.axis.size) != names.size()) continue;
        const bool all = std::none_of(names.begin(), names.end(), [](const std::string& n) { return n.empty(); });
        if (axis.axis.labels.empty() && all) axis.axis.labels = names;
    }
}

/// One file's box. With a plane table an axis is one long where the file changes along it.
Shape boxOf(const SeriesLayout& layout) {
    Shape box;
    for (std::size_t k = 0; k < layout.axes.size(); ++k) {
        box.push_back(layout.roles[k].kind == AxisRole::Kind::Outer ? 1 : layout.axes[k].size);
    }
    if (!layout.table) return box;
    const auto& files = layout.table->file;
    for (std::size_t k = 0; k < layout.axes.size(); ++k) {
        if (layout.roles[k].kind != AxisRole::Kind::Inner) continue;
        const auto stride = static_cast<std::size_t>(layout.roles[k].stride);
        const auto size = static_cast<std::size_t>(layout.axes[k].size);
        for (std::size_t i = 0; i + stride < files.size() && box[k] > 1; ++i) {
            const bool last = i / stride % size == size - 1;
            const bool gap = files[i] == PlaneTable::kNoPlane || (!last && files[i + stride] == PlaneTable::kNoPlane);
            if (!last && !gap && files[i] != files[i + stride]) box[k] = 1;
        }
    }
    return box;
}

std::string axisList(const Axes& axes) {
    std::string text;
    for (const Axis& axis : axes) text += fmt::format("{}{}", text.empty() ? "" : ", ", axis.name);
    return text;
}

Axis& axisNamed(Axes& axes, const std::string& name, std::string_view option) {
    if (const auto k = findAxis(axes, name)) return axes[*k];
    throw Failure(fmt::format("{}: the array has no axis \"{}\"; it has {}", option, printable(name), axisList(axes)));
}

std::vector<std::string> orderedNames(const std::string& order) {
    std::vector<std::string> names;
    if (order.find(',') == std::string::npos) {
        for (const char c : order) names.emplace_back(1, c);
        return names;
    }
    std::size_t at = 0;
    while (at <= order.size()) {
        const std::size_t end = std::min(order.find(',', at), order.size());
        names.push_back(order.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

void checkNames(const Axes& axes, std::string_view option) {
    std::set<std::string> seen;
    for (const Axis& axis : axes) {
        if (axis.name.empty()) throw Failure(fmt::format("{}: an axis needs a name", option));
        for (const char c : axis.name) {
            if (!isLetter(c) && !isDigit(c) && c != '_')
                throw Failure(
                    fmt::format("{}: \"{}\" is no axis name; use letters and digits", option, printable(axis.name)));
        }
        if (!seen.insert(axis.name).second)
            throw Failure(fmt::format("{}: two axes would be called \"{}\"", option, printable(axis.name)));
    }
}

void checkSpacing(double spacing, std::string_view option) {
    if (!(spacing > 0) || !std::isfinite(spacing)) {
        throw Failure(fmt::format("{}: a spacing has to be a number above 0, not {}", option, numberText(spacing)));
    }
}

void applyVoxel(Axes& axes, const std::vector<double>& voxel, std::vector<std::string>& warnings) {
    constexpr std::size_t kPlane = 2;
    constexpr std::size_t kVolume = 3;
    if (voxel.size() != kPlane && voxel.size() != kVolume) {
        throw Failure(
            fmt::format("--voxel needs z,y,x or y,x in um, such as 0.3,0.1,0.1; it has {} numbers", voxel.size()));
    }
    const char* const names[] = {"z", "y", "x"};
    for (std::size_t i = 0; i < voxel.size(); ++i) {
        checkSpacing(voxel[i], "--voxel");
        const char* const name = names[i + kVolume - voxel.size()];
        if (const auto k = findAxis(axes, name)) {
            axes[*k].spacing = voxel[i];
            axes[*k].unit = "um";
        } else {
            warnings.push_back(
                fmt::format("--voxel gives a size along {}, which the array ({}) does not have", name, axisList(axes)));
        }
    }
}

} // namespace

void mergeAxes(SeriesLayout& layout, Metadata& metadata, std::vector<std::string>& warnings) {
    std::vector<Placed> placed;
    addInner(layout, metadata, placed);
    addOuter(layout, placed, warnings);
    addPage(layout, placed);
    std::stable_sort(placed.begin(), placed.end(),
                     [](const Placed& a, const Placed& b) { return axisRank(a.axis.name) < axisRank(b.axis.name); });
    setSpacing(placed, "z", metadata.z, "um");
    setSpacing(placed, "y", metadata.y, "um");
    setSpacing(placed, "x", metadata.x, "um");
    setSpacing(placed, "t", metadata.seconds, "s");
    setChannelNames(placed, metadata.channelNames);
    for (Placed& axis : placed) {
        layout.axes.push_back(std::move(axis.axis));
        layout.roles.push_back(axis.role);
    }
    layout.fileShape = boxOf(layout);
}

std::string applyOptions(Axes& axes, const SeriesOptions& options, std::string origin,
                         std::vector<std::string>& warnings) {
    if (!options.axesOrder.empty()) {
        const auto names = orderedNames(options.axesOrder);
        if (names.size() != axes.size()) {
            throw Failure(
                fmt::format("--axes \"{}\" names {} axes, the array has {}: {}. Name all of them, in this order",
                            printable(options.axesOrder), names.size(), axes.size(), axisList(axes)));
        }
        for (std::size_t k = 0; k < names.size(); ++k) axes[k].name = names[k];
        checkNames(axes, "--axes");
    }
    // All at once, so that two axes can change places: t=z, z=t.
    std::vector<std::pair<Axis*, std::string>> renamed;
    for (const auto& [from, to] : options.renames) renamed.emplace_back(&axisNamed(axes, from, "--rename-axis"), to);
    for (const auto& [axis, name] : renamed) axis->name = name;
    if (!options.renames.empty()) checkNames(axes, "--rename-axis");
    if (!options.voxel.empty()) {
        applyVoxel(axes, options.voxel, warnings);
        origin = "--voxel";
    }
    for (const auto& [name, spacing] : options.spacings) {
        Axis& axis = axisNamed(axes, name, "spacing");
        checkSpacing(spacing, "spacing");
        axis.spacing = spacing;
        if (axis.unit.empty() && (name == "z" || name == "y" || name == "x")) axis.unit = "um";
        if (axis.unit.empty() && name == "t") axis.unit = "s";
        origin = "given by hand";
    }
    for (const auto& [name, unit] : options.units) {
        axisNamed(axes, name, "unit").unit = printable(unit, 32);
        origin = "given by hand";
    }
    return origin;
}

} // namespace lazulite::io::series
