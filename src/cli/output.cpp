#include "output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "lazulite/core/error.h"
#include "lazulite/core/units.h"
#include "lazulite/io/npy_writer.h"
#include "lazulite/io/tiff_description.h"
#include "lazulite/io/tiff_writer.h"

namespace lazulite::cli {
namespace {

constexpr const char* kStandardOutput = "-";

enum class Format { Npy, Tiff };

std::optional<Format> formatOf(const std::string& output) {
    std::string ending = std::filesystem::path(output).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    if (ending == ".npy") return Format::Npy;
    if (ending == ".tif" || ending == ".tiff") return Format::Tiff;
    return std::nullopt;
}

bool hasColourSamples(const Axes& axes) {
    return axes.size() > 2 && axes.back().name == "s";
}

/// Pixels for one um along the axis, 0 where its spacing is no length.
double resolutionOf(const Axis& axis) {
    const auto micrometres = micrometresPer(axis.unit);
    return micrometres && axis.spacing > 0 ? 1.0 / (axis.spacing * *micrometres) : 0.0;
}

/// ImageJ's description for a plane or a stack along z or t; nothing for what ImageJ does not know or orders otherwise.
std::optional<std::string> imageJ(const Axes& axes, DType dtype) {
    const bool known = dtype == DType::UInt8 || dtype == DType::UInt16 || dtype == DType::Float32;
    if (!known || axes.size() > 3 || hasColourSamples(axes)) return std::nullopt;
    io::ImageJStack stack;
    if (resolutionOf(axes.back()) > 0) stack.unit = "um";
    if (axes.size() == 3 && axes[0].name == "t") {
        stack.frames = axes[0].size;
        if (const auto seconds = secondsPer(axes[0].unit)) stack.interval = axes[0].spacing * *seconds;
    } else if (axes.size() == 3) {
        stack.slices = axes[0].size;
        if (const double resolution = resolutionOf(axes[0]); resolution > 0) stack.spacing = 1.0 / resolution;
    }
    return io::imageJDescription(stack);
}

/// tifffile's description of an array with more axes than pages have.
std::string shaped(const Axes& axes) {
    std::string shape;
    for (const Axis& axis : axes) shape += fmt::format("{}{}", shape.empty() ? "" : ", ", axis.size);
    return fmt::format("{{\"shape\": [{}]}}", shape);
}

void writeTiff(const std::string& output, const Block& values, const Axes& axes) {
    const std::size_t samples = hasColourSamples(axes) ? 1 : 0;
    const Axis& rows = axes[axes.size() - 2 - samples];
    const Axis& columns = axes[axes.size() - 1 - samples];
    io::TiffWriteOptions options;
    options.height = rows.size;
    options.width = columns.size;
    options.samples = samples > 0 ? axes.back().size : 1;
    options.dtype = values.dtype();
    if (resolutionOf(rows) > 0 && resolutionOf(columns) > 0) {
        options.yResolution = resolutionOf(rows);
        options.xResolution = resolutionOf(columns);
    }
    if (const auto description = imageJ(axes, values.dtype())) {
        options.description = *description;
    } else {
        constexpr double kMicrometresPerCentimetre = 1e4;
        constexpr int kCentimetre = 3;
        options.description = shaped(axes);
        options.xResolution *= kMicrometresPerCentimetre;
        options.yResolution *= kMicrometresPerCentimetre;
        options.resolutionUnit = options.xResolution > 0 ? kCentimetre : 1;
    }
    io::TiffWriter writer(output, options);
    writer.append(values);
    writer.finish();
}

} // namespace

void checkOutput(const std::string& output) {
    if (output == kStandardOutput) {
        if (isatty(STDOUT_FILENO) == 1) {
            throw Failure(
                "-o -: standard output is a terminal; send it to a file or a program (... -o - > values.npy)");
        }
        return;
    }
    if (!formatOf(output)) {
        throw Failure(fmt::format("-o: '{}' must end in .tif or .npy (or be - for .npy on standard output)", output));
    }
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::absolute(output, error).parent_path();
    if (!std::filesystem::is_directory(folder, error)) {
        throw Failure(fmt::format("-o: there is no folder '{}'; make it first", folder.string()));
    }
}

void writeArray(const std::string& output, const Block& values, const Axes& axes) {
    if (output != kStandardOutput && formatOf(output) == Format::Tiff) {
        writeTiff(output, values, axes);
        return;
    }
    const auto finish = [&values](io::NpyWriter& writer) {
        writer.append(values);
        writer.finish();
    };
    if (output == kStandardOutput) {
        try {
            io::NpyWriter writer(stdout, values.dtype(), values.shape());
            finish(writer);
        } catch (const Failure& failure) {
            throw Failure(fmt::format("standard output: {}", failure.what()));
        }
    } else {
        io::NpyWriter writer(output, values.dtype(), values.shape());
        finish(writer);
    }
}

} // namespace lazulite::cli
