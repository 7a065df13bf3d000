#include "layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>

#include "lazulite/core/units.h"
#include "lazulite/io/tiff_description.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/intensity.h"
#include "naming.h"

namespace lazulite::batch {

namespace {

namespace fs = std::filesystem;
using Format = Layout::Format;

Format formatOf(const std::string& output) {
    if (output.empty()) throw Failure("the export needs a folder, or a .tif or .npy file, to write to");
    std::string ending = fs::path(output).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    std::error_code ignored;
    if (fs::is_directory(output, ignored)) return Format::Folder;
    if (ending == ".npy") return Format::Npy;
    return ending == ".tif" || ending == ".tiff" ? Format::Tiff : Format::Folder;
}

/// The least and the largest number of an integer type.
std::array<double, 2> rangeOf(DType type) {
    return visitType(type, [](auto tag) -> std::array<double, 2> {
        using T = typename decltype(tag)::type;
        if constexpr (std::is_integral_v<T>) {
            return {static_cast<double>(std::numeric_limits<T>::min()),
                    static_cast<double>(std::numeric_limits<T>::max())};
        } else {
            return {0, 1};
        }
    });
}

graph::LazyArray asType(const graph::LazyArray& array, const ExportOptions& options) {
    const DType type = options.dtype.value_or(array.dtype());
    if (!options.scale) return type == array.dtype() ? array : ops::cast(array, type);
    const auto [low, high] = *options.scale;
    if (!(low < high)) throw Failure("scaling needs two values, the smaller one first");
    if (isFloat(type)) {
        throw Failure(
            fmt::format("scaling goes to the range of an integer type, and the result is {}; choose one, "
                        "such as uint16",
                        toString(type)));
    }
    const auto [least, most] = rangeOf(type);
    const double gain = (most - least) / (high - low);
    return ops::rescale(array, {.gain = gain, .offset = least - low * gain, .dtype = type});
}

/// All axes in the order of a TIFF file: others, then those of a volume (z, rows, columns, samples).
struct PageOrder {
    std::vector<std::string> names;
    std::size_t others = 0;
    bool colour = false;
};

PageOrder pageOrder(const Axes& axes) {
    if (axes.size() < 2) throw Failure("the array has fewer than two axes, so there are no planes to write");
    std::vector<std::string> inner;
    const bool usual = findAxis(axes, "y") && findAxis(axes, "x");
    if (usual) {
        for (const char* name : {"z", "y", "x", "s"}) {
            if (findAxis(axes, name)) inner.emplace_back(name);
        }
    } else { // the last two are rows and columns, whatever they are called
        for (std::size_t i = axes.size() - 2; i < axes.size(); ++i) inner.push_back(axes[i].name);
    }
    PageOrder order;
    for (const Axis& axis : axes) {
        if (std::find(inner.begin(), inner.end(), axis.name) == inner.end()) order.names.push_back(axis.name);
    }
    order.others = order.names.size();
    order.names.insert(order.names.end(), inner.begin(), inner.end());
    order.colour = usual && inner.back() == "s";
    return order;
}

graph::LazyArray inPageOrder(const graph::LazyArray& array, const std::vector<std::string>& order) {
    const bool same = std::equal(order.begin(), order.end(), array.axes().begin(), array.axes().end(),
                                 [](const std::string& name, const Axis& axis) { return name == axis.name; });
    return same ? array : ops::transpose(array, order);
}

/// A region of `from` as one of `to`, which has the same axes in another order.
Region reordered(const Region& region, const Axes& from, const Axes& to) {
    Region result = region;
    for (std::size_t i = 0; i < to.size(); ++i) result[i] = region[*findAxis(from, to[i].name)];
    return result;
}

std::string placeOf(const Region& region, const Axes& axes, std::size_t outer) {
    std::string text;
    for (std::size_t i = 0; i < outer; ++i)
        text += fmt::format("{}{}={}", text.empty() ? "" : ", ", axes[i].name, region[i].begin);
    return text;
}

/// The file that would hold a position of the recording.
std::string filePlace(const std::vector<std::int64_t>& position, const io::FileSeries& series) {
    const Shape file = series.source()->fileShape();
    std::string text;
    for (std::size_t i = 0; i < position.size(); ++i) {
        if (file[i] < series.axes()[i].size)
            text += fmt::format("{}{}={}", text.empty() ? "" : ", ", series.axes()[i].name, position[i]);
    }
    return text;
}

graph::LazyArray written(const graph::LazyArray& wanted, const ExportOptions& options) {
    if (!wanted) throw Failure("nothing is open, so there is nothing to export");
    const graph::LazyArray array = asType(wanted, options);
    return formatOf(options.output) == Format::Npy ? array : inPageOrder(array, pageOrder(wanted.axes()).names);
}

void checkMetadata(const ExportOptions& options, DType type, bool colour) {
    if (options.metadata == MetadataKind::ImageJ && (!io::imageJKnows(type) || colour)) {
        throw Failure(fmt::format("ImageJ's metadata know no {}; choose uint8, uint16 or float32, or OME's metadata",
                                  colour ? "colour stacks" : toString(type)));
    }
    if (options.metadata == MetadataKind::Ome && !io::omeKnows(type)) {
        throw Failure(fmt::format("OME's metadata know no {}; choose another type, such as float32", toString(type)));
    }
}

} // namespace

Layout::Layout(const graph::LazyArray& wanted, const Provenance& provenance, const ExportOptions& options)
    : format(formatOf(options.output)), array(written(wanted, options)), lineage(array, provenance.series.get()) {
    const Region whole = Region::whole(wanted.shape());
    const Region asked = options.region.rank() == 0 ? whole : options.region;
    if (asked.rank() != whole.rank() || asked.empty() || !whole.contains(asked)) {
        throw Failure(
            fmt::format("the region {} does not lie inside the array {}", asked.toString(), whole.toString()));
    }
    region = reordered(asked, wanted.axes(), axes());
    const PageOrder order = pageOrder(axes());
    checkMetadata(options, array.dtype(), order.colour);
    samples = order.colour && axes().back().name == "s" ? 1 : 0;
    while (outer < order.others && axes()[outer].name == order.names[outer]) ++outer;
    const fs::path output(options.output);
    folder = format == Format::Folder ? options.output : output.has_parent_path() ? output.parent_path().string() : ".";
    addVolumes(provenance);
    if (format != Format::Folder) {
        if (format == Format::Tiff && volumes.size() > 1) {
            throw Failure(
                fmt::format("{} volumes do not go into one .tif file; name a folder (without .tif), or choose "
                            "one of them by --region",
                            volumes.size()));
        }
        for (Volume& volume : volumes) volume.file = options.output;
    }
}

void Layout::addVolumes(const Provenance& provenance) {
    Shape box = shapeOf(axes());
    std::fill_n(box.begin(), outer, 1);
    std::vector<Nameable> nameables;
    forEachGridBlock(region, box, shapeOf(axes()), [&](const Region& whole) {
        const Region part = whole.intersect(region);
        Lineage::Files files = lineage.filesOf(part);
        nameables.push_back({part, lineage.ownFilesOf(part).paths});
        Volume volume{.region = part, .place = placeOf(part, axes(), outer), .sources = std::move(files.paths)};
        if (!files.missing.empty()) volume.missing = filePlace(files.missing, *provenance.series);
        volumes.push_back(std::move(volume));
    });
    if (format != Format::Folder) return;
    const std::vector<std::string> names = namesFor(nameables, axes(), outer, provenance.series.get());
    for (std::size_t i = 0; i < volumes.size(); ++i) volumes[i].file = (fs::path(folder) / names[i]).string();
}

std::uint64_t Layout::bytesOf(const Region& part) const {
    return static_cast<std::uint64_t>(part.elementCount()) * bytesPer(array.dtype());
}

std::uint64_t Layout::bytesOf(Shard shard) const {
    const Interval range = rangeOf(shard, volumes.size());
    std::uint64_t bytes = 0;
    for (std::int64_t i = range.begin; i < range.end; ++i)
        bytes += bytesOf(volumes[static_cast<std::size_t>(i)].region);
    return bytes;
}

Interval rangeOf(const Shard& shard, std::size_t volumes) {
    if (shard.count == 0 || shard.index >= shard.count) {
        throw Failure(fmt::format("there is no part {} of {} parts", shard.index, shard.count));
    }
    const auto cut = [&](std::size_t part) { return static_cast<std::int64_t>(volumes * part / shard.count); };
    return {cut(shard.index), cut(shard.index + 1)};
}

} // namespace lazulite::batch
