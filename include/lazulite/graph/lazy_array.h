#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/dtype.h"
#include "lazulite/core/source.h"

namespace lazulite::graph {

class Operation;

/// 128 bits that tell what an array's values depend on: sources, operations and parameters.
struct Fingerprint {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    static Fingerprint of(std::string_view text);
    auto operator<=>(const Fingerprint&) const = default;
};

/// What can be known of an array without reading it.
struct ArrayInfo {
    Axes axes;
    DType dtype = DType::UInt8;
    Shape blockShape; ///< the box that is computed and kept as one
};

/// An immutable description of an n-d array: what it looks like and how its values come about. Making one never touches
/// the disk. Cheap to copy.
///
///     LazyArray raw = LazyArray::fromSource(series->source());
///     LazyArray part = ops::crop(raw, {{"z", {2, 60}}});
///     Outcome outcome = executor.run({.array = part, .region = Region::whole(part.shape())});
class LazyArray {
public:
    /// An empty array (rank 0, no values), to be assigned to.
    LazyArray() = default;

    static LazyArray fromSource(std::shared_ptr<const Source> source);
    /// Throws Failure where the operation refuses these inputs.
    static LazyArray fromOperation(std::shared_ptr<const Operation> operation, std::vector<LazyArray> inputs);

    /// The same values under corrected names, spacings, units or labels (sizes must be equal). Shares blocks with this
    /// one.
    LazyArray withAxes(Axes axes) const;

    /// What this array's operation makes of other inputs.
    LazyArray derivedFrom(std::vector<LazyArray> inputs) const;

    explicit operator bool() const { return node_ != nullptr; }
    const Axes& axes() const { return axes_; }
    Shape shape() const { return shapeOf(axes_); }
    std::size_t rank() const { return axes_.size(); }
    DType dtype() const;
    const Shape& blockShape() const;
    const Fingerprint& fingerprint() const;
    /// Bytes of all elements. Throws Failure past 2^62.
    std::int64_t bytes() const;

    /// What the values come from: exactly one of the two is not null.
    const Source* source() const;
    const Operation* operation() const;
    const std::vector<LazyArray>& inputs() const;

private:
    struct Node;
    std::shared_ptr<const Node> node_;
    Axes axes_;
};

/// The array that can be looked at while `array` is being computed: dear operations are left out in favour of the input
/// that stands in for them. Empty where nothing is dear, or something dear has no stand-in. The axes are the same but
/// for what a later operation makes of another type.
LazyArray previewOf(const LazyArray& array);

/// The names of the dear operations behind an array, first to last, each once: "deconvolve".
std::vector<std::string> dearOperations(const LazyArray& array);

} // namespace lazulite::graph

template <>
struct std::hash<lazulite::graph::Fingerprint> {
    std::size_t operator()(const lazulite::graph::Fingerprint& print) const noexcept { return print.low; }
};
