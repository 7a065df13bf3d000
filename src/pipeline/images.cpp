#include "images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <new>
#include <system_error>
#include <vector>

#include "lazulite/core/error.h"
#include "lazulite/core/spelling.h"
#include "lazulite/core/units.h"
#include "lazulite/io/file_series.h"
#include "lazulite/ops/arrays.h"

namespace lazulite::pipeline {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestPsf = 1ULL << 30U; ///< bytes

/// The name of an entry of the folder that was probably meant, or "".
std::string meantIn(const fs::path& folder, const std::string& name) {
    constexpr std::size_t kMost = 10000;
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error);
         !error && entry != fs::directory_iterator() && names.size() < kMost; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    return nearest(name, names);
}

bool isSpatial(const Axis& axis) {
    return axis.name == "z" || axis.name == "y" || axis.name == "x";
}

std::shared_ptr<const Source> opened(StepInput& input, const std::string& key, const std::string& path) {
    try {
        ReadCounts ignored;
        return io::FileSeries::open({path}, {}, ignored)->source();
    } catch (const Failure& failure) {
        input.mistake(key, fmt::format("`{}`: {}", key, failure.what()));
        return nullptr;
    }
}

/// Everything that a file holds, as a stack of this shape.
Result<Block> readWhole(const Source& source, const Shape& shape) {
    const Region whole = Region::whole(shapeOf(source.axes()));
    const std::size_t bytes = static_cast<std::size_t>(whole.elementCount()) * bytesPer(source.dtype());
    const std::shared_ptr<std::byte[]> memory(new (std::nothrow) std::byte[bytes]);
    if (memory == nullptr) return Error{Error::Kind::TooLarge, "there is not enough memory to read it", {}, {}};
    const std::shared_ptr<std::byte> data(memory, memory.get());
    ReadCounts ignored;
    const Strides strides = rowMajorStrides(whole.shape(), bytesPer(source.dtype()));
    const auto read = source.read({data.get(), source.dtype(), whole, strides}, {}, ignored);
    if (!read) return read.error();
    return Block(data, source.dtype(), Region::whole(shape));
}

/// "12 x 128 x 128"
std::string shapeText(const Axes& axes) {
    std::string text;
    for (const Axis& axis : axes) text += fmt::format("{}{}", text.empty() ? "" : " x ", axis.size);
    return text;
}

/// What makes the values of a PSF unusable, or "".
std::string badValues(const Block& block, bool isOtf) {
    return visitType(block.dtype(), [&](auto tag) -> std::string {
        using T = typename decltype(tag)::type;
        const auto* values = reinterpret_cast<const T*>(block.data());
        double sum = 0;
        for (std::int64_t i = 0; i < block.region().elementCount(); ++i) {
            const auto value = static_cast<double>(values[i]);
            if (!std::isfinite(value))
                return fmt::format("holds {} at element {}", std::isnan(value) ? "NaN" : "Inf", i);
            sum += value;
        }
        return sum > 0 || isOtf ? "" : fmt::format("sums up to {}: there is no light in it", numberText(sum));
    });
}

/// The voxel (z, y, x) that the file says or the config; of a plane the depth does not matter.
std::optional<std::array<double, 3>> voxelOf(StepInput& input, const Axes& axes, bool isPlane, const std::string& key,
                                             const std::string& voxelKey, const std::string& name) {
    if (const auto given = input.vector(voxelKey)) return given;
    std::array<double, 3> voxel{1, 1, 1};
    for (std::size_t i = isPlane ? 1 : 0; i < voxel.size(); ++i) {
        const auto axis = findAxis(axes, std::string(1, "zyx"[i]));
        if (!axis || axes[*axis].unit != "um") {
            input.mistake(key, fmt::format("`{}`: \"{}\" does not say its voxel size; write {} = [z, y, x] in um", key,
                                           name, voxelKey));
            return std::nullopt;
        }
        voxel[i] = axes[*axis].spacing;
    }
    return voxel;
}

} // namespace

std::optional<std::string> fileNamed(StepInput& input, const std::string& key) {
    const std::string name = input.text(key, "");
    const fs::path folder = fs::path(input.surroundings.config.path).parent_path();
    const fs::path path = fs::path(name).is_absolute() ? fs::path(name) : folder / name;
    std::error_code error;
    if (fs::exists(path, error)) {
        std::vector<std::string>& sources = input.surroundings.sources;
        if (std::find(sources.begin(), sources.end(), path.string()) == sources.end()) sources.push_back(path.string());
        return path.string();
    }
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const std::string guess = meantIn(parent, path.filename().string());
    input.mistake(key, fmt::format("`{}`: there is no file \"{}\" in {}{}", key, path.filename().string(),
                                   fs::weakly_canonical(parent, error).string(),
                                   guess.empty() ? "" : fmt::format("; did you mean \"{}\"?", guess)));
    return std::nullopt;
}

std::optional<LazyArray> imageNamed(StepInput& input, const std::string& key) {
    const auto path = fileNamed(input, key);
    const auto source = path ? opened(input, key, *path) : nullptr;
    if (source == nullptr) return std::nullopt;
    LazyArray image = LazyArray::fromSource(source);
    for (const Axis& axis : source->axes()) {
        if (axis.size == 1 && !isSpatial(axis)) image = ops::select(image, axis.name, 0);
    }
    for (const Axis& axis : image.axes()) {
        const auto same = findAxis(input.array.axes(), axis.name);
        const bool fits = same && (axis.size == input.array.axes()[*same].size || (axis.name == "z" && axis.size == 1));
        if (isSpatial(axis) && fits) continue;
        input.mistake(
            key, fmt::format("`{}`: \"{}\" is {} ({}), but it must be as high and wide as the data here, {} ({})", key,
                             input.text(key, ""), shapeText(image.axes()), namesOf(image.axes()),
                             shapeText(input.array.axes()), namesOf(input.array.axes())));
        return std::nullopt;
    }
    return image;
}

std::optional<ops::Psf> psfNamed(StepInput& input, const std::string& key, const std::string& voxelKey) {
    const auto path = fileNamed(input, key);
    const auto source = path ? opened(input, key, *path) : nullptr;
    if (source == nullptr) return std::nullopt;
    const std::string name = input.text(key, "");
    const auto refuse = [&](const std::string& reason) {
        input.mistake(key, fmt::format("`{}`: \"{}\" {}", key, name, reason));
        return std::nullopt;
    };
    Axes axes;
    for (const Axis& axis : source->axes()) {
        if (axis.size > 1 || isSpatial(axis)) axes.push_back(axis);
    }
    std::erase_if(axes, [&](const Axis& axis) { return axis.name == "z" && axis.size == 1; });
    const auto z = findAxis(input.array.axes(), "z");
    const bool stacks = z && input.array.axes()[*z].size > 1;
    // An OTF is one plane of floats: real and imaginary parts along kz in turns.
    const bool plane = axes.size() == 2;
    const bool isOtf = plane && stacks && isFloat(source->dtype()) && axes.back().size % 2 == 0;
    const char* isPlane = "is a single plane, but the data are stacks; a PSF of them is a stack too";
    if (plane && stacks && !isOtf) return refuse(isPlane);
    if (axes.size() > 3) return refuse(fmt::format("has the axes {}; a PSF is one stack (z, y, x)", namesOf(axes)));
    if (!plane && axes[0].name != "z") {
        input.note = fmt::format("axis {} of {} is taken for z", axes[0].name, name);
        axes[0].name = "z";
    }
    const auto bytes = static_cast<std::uint64_t>(elementCount(shapeOf(axes))) * bytesPer(source->dtype());
    if (bytes > kLargestPsf) return refuse(fmt::format("has {}; that is no PSF", bytesText(bytes)));
    const auto voxel = voxelOf(input, axes, plane && !isOtf, key, voxelKey, name);
    if (!voxel) return std::nullopt;
    Shape shape = shapeOf(axes);
    if (plane) shape.insert(shape.begin(), 1);
    const auto block = readWhole(*source, shape);
    if (!block) return refuse("cannot be read: " + block.error().text());
    if (const std::string bad = badValues(*block, isOtf); !bad.empty()) return refuse(bad);
    if (isOtf && !ops::holdsOtf(*block)) return refuse(isPlane);
    return ops::Psf{.stack = *block,
                    .voxel = *voxel,
                    .identity = fmt::format("{} {}", *path, source->stamp(Region::whole(shapeOf(source->axes())))),
                    .isOtf = isOtf};
}

} // namespace lazulite::pipeline
