#pragma once

#include <memory>
#include <string>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/io/tiff_description.h"
#include "lazulite/io/tiff_writer.h"
#include "lazulite/pipeline/pipeline.h"
#include "support/blocks.h"
#include "support/temporary_folder.h"

namespace lazulite::pipeline {

/// t 3, c 2 with labels, z 7, y 10, x 12, voxels of 0.4 x 0.1 x 0.1 um.
inline Axes recordingAxes() {
    return {{"t", 3, 2.5, "s", {}},
            {"c", 2, 1, "", {"488 nm", "560 nm"}},
            {"z", 7, 0.4, "um", {}},
            {"y", 10, 0.1, "um", {}},
            {"x", 12, 0.1, "um", {}}};
}

/// Random values that can be looked at; counts what is read.
inline std::shared_ptr<testing::BlockSource> recordingOf(const Axes& axes, DType type = DType::UInt16) {
    return std::make_shared<testing::BlockSource>(axes, testing::randomBlock(type, Region::whole(shapeOf(axes)), 5));
}

/// A file of a stack (z, y, x) or a plane (y, x) of these values, with its voxel where `voxel` is not 0.
inline void writeStack(const std::string& path, DType type, const Shape& shape, const testing::ValueAt& value,
                       double voxel = 0.1) {
    io::TiffWriteOptions options{.height = shape[shape.size() - 2], .width = shape.back(), .dtype = type};
    if (voxel > 0) {
        options.xResolution = options.yResolution = 1 / voxel;
        const std::int64_t planes = shape.size() == 3 ? shape[0] : 1;
        options.description = io::imageJDescription({.slices = planes, .spacing = voxel, .unit = "um"});
    }
    io::TiffWriter writer(path, options);
    writer.append(testing::blockOf(type, Region::whole(shape), value));
    writer.finish();
}

/// A round spot about the middle.
inline double spot(const std::vector<std::int64_t>& at, const Shape& shape) {
    double distance = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const double d = static_cast<double>(at[i] - shape[i] / 2);
        distance += d * d;
    }
    return 1000 * std::exp(-distance / 4);
}

inline void writePsf(const std::string& path, double voxel = 0.1, const Shape& shape = {5, 7, 7}) {
    writeStack(
        path, DType::UInt16, shape, [&](const auto& at) { return spot(at, shape); }, voxel);
}

} // namespace lazulite::pipeline
