#pragma once

#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lazulite/compute/kernel.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::ops {

/// A further input of a pointwise kernel: an array that is laid over the data (see Broadcast), or the same number
/// everywhere.
struct Operand {
    std::string what; ///< for messages: "the gain map"
    std::variant<double, graph::LazyArray> value;
};

/// A step that makes each element from the elements at its place.
struct PointwiseStep {
    std::string name;
    std::string parameters;
    DType type = DType::Float32; ///< of the result
    /// What the kernel takes besides the data, in its order.
    std::vector<Operand> operands{};
    /// Numbers of the volumes (see ops::statistic), laid over the data too.
    std::vector<graph::LazyArray> numbers{};

    /// A part of the result that one run of the kernel makes.
    struct Part {
        const Region& region;            ///< in the array's axes: of one volume
        std::span<const double> numbers; ///< of this volume
    };
    std::function<compute::Kernel(const Part&)> kernel;
    bool firstPlaneApart = false; ///< the kernel of the first plane along z is another than that of the others
};

/// The type of images that a step computes from others of its inputs, so that it stays as exact as it is without them.
DType factorType(DType array, DType image);

/// Throws Failure where an operand does not fit the array.
graph::LazyArray pointwise(const graph::LazyArray& array, PointwiseStep step);

} // namespace lazulite::ops
