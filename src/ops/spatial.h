#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lazulite/compute/context.h"
#include "lazulite/graph/operation.h"
#include "volume_axes.h"

namespace lazulite::ops {

/// A computation on (z, y, x) volumes that is repeated along every other axis. Derived classes think in rank 3; an
/// array without z has a single plane. (Another axis may stand in z's place: then volumes are (t, y, x), say.)
///
/// Input 0 is the array. Further inputs are numbers of its volumes (see ops::statistic): arrays of the same axes whose
/// z, y and x have the size 1. A constructor says with setNumbers() how many there are.
class SpatialOperation : public graph::ComputeOperation {
public:
    using Volume = std::array<std::int64_t, 3>; ///< z, y, x

    graph::ArrayInfo describe(std::span<const graph::LazyArray> inputs) const final;
    std::vector<graph::Need> required(const Region& out) const final;
    Result<Block> compute(const Region& out, std::span<const Block> inputs, graph::Workspace& workspace) const final;
    std::uint64_t scratchBytes(const Region& out, std::uint64_t most) const final;
    Cost cost() const override { return Cost::Cheap; }

protected:
    /// `array` is what the operation will be applied to. Throws as checkSpace() does.
    SpatialOperation(const graph::LazyArray& array, const std::string& step, bool needsDepth,
                     const std::string& firstAxis = "z");

    struct Description {
        std::array<Axis, 3> axes; ///< z, y, x
        Volume block{};           ///< what is best computed as one
    };
    /// Changes what the input looks like to what the result looks like.
    virtual void describeVolume(Description& result) const = 0;
    /// The box of the input that a box of the result needs; empty where it needs nothing. Boxes have the rank 3.
    virtual Region requiredVolume(const Region& out) const = 0;
    /// The same where it differs from volume to volume: `outer` are the positions along the axes other than z, y, x, in
    /// their order; the box serves all of them.
    virtual Region requiredVolumes(const Region& out, std::span<const Interval> /*outer*/) const {
        return requiredVolume(out);
    }
    /// Which volume is being computed.
    struct Place {
        std::span<const std::int64_t> outer; ///< the position along the axes other than z, y, x, in their order
        std::span<const double> numbers;     ///< of this volume, from the further inputs
    };
    /// Computes a box of the result; `in` covers what it requires.
    virtual Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                                       const Place& place) const = 0;
    /// Scratch memory for one volume; `most` as in ComputeOperation::scratchBytes().
    virtual std::uint64_t scratchVolume(const Region& /*out*/, std::uint64_t /*most*/) const { return 0; }

    /// z, y, x
    const Volume& inputShape() const { return inputShape_; }
    DType inputType() const { return inputType_; }
    /// The type of the result, unless it is the input's; to be set by constructors.
    void setOutputType(DType type) { outputType_ = type; }
    /// How many numbers of a volume follow the array as inputs; to be set by constructors.
    void setNumbers(std::size_t count) { numbers_ = count; }

private:
    void checkNumbers(std::span<const graph::LazyArray> inputs) const;

    VolumeAxes axes_;
    Volume inputShape_{};
    DType inputType_;
    DType outputType_;
    std::size_t numbers_ = 0;
};

/// Throws Failure where an array has no axes y and x, or no z of more than one plane and `needsDepth`.
void checkSpace(const graph::LazyArray& array, const std::string& step, bool needsDepth);

/// The context of a computation inside a workspace.
compute::Context contextOf(graph::Workspace& workspace);

} // namespace lazulite::ops
