#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "lazulite/core/block.h"
#include "lazulite/core/error.h"
#include "lazulite/core/region.h"
#include "lazulite/graph/lazy_array.h"

namespace lazulite::graph {

class ViewOperation;
class ComputeOperation;

/// A step from input arrays to one output array. It is either a ViewOperation, which only says where elements are
/// found, or a ComputeOperation, which makes new ones.
class Operation {
public:
    virtual ~Operation() = default;

    /// The word in a pipeline config: "crop".
    virtual std::string name() const = 0;
    /// Everything that the values depend on besides the inputs, as text; part of the fingerprint.
    virtual std::string parameters() const = 0;
    /// The output's description. Throws Failure where these inputs make no sense.
    virtual ArrayInfo describe(std::span<const LazyArray> inputs) const = 0;

    virtual const ViewOperation* asView() const { return nullptr; }
    virtual const ComputeOperation* asCompute() const { return nullptr; }
};

/// A box of the output whose elements are those of a box of one input.
struct Piece {
    static constexpr int kNone = -1;

    std::size_t input = 0;
    Region in;  ///< in the input's index space
    Region out; ///< in the output's index space; as many elements as `in`
    /// For each output axis the input axis that runs along it, or kNone where `out` is one element wide.
    /// Input axes that no output axis runs along are one element wide in `in`.
    std::vector<int> axisOf;
};

/// An operation that moves elements about without changing them (stack, crop, transpose, ...). It costs nothing: the
/// executor follows its pieces to where the values are and hands on views of their buffers, or gathers them once.
class ViewOperation : public Operation {
public:
    /// The boxes that make up `out`, without overlap.
    virtual std::vector<Piece> pieces(const Region& out) const = 0;

    const ViewOperation* asView() const final { return this; }
};

/// A box of an input that is needed for a box of the output.
struct Need {
    std::size_t input = 0;
    Region region;
};

/// What a computation may use: memory from the budget, cancelling, progress.
class Workspace {
public:
    virtual ~Workspace() = default;

    /// Memory for `region`, densely packed and not initialised; counted in the budget.
    /// `data` of the block may be written through the returned pointer until compute() returns.
    struct Writable {
        std::shared_ptr<std::byte> data;
        Destination destination;

        Block block() const {
            return {data, destination.dtype, destination.region, destination.strides, destination.mirror};
        }
    };
    virtual Result<Writable> allocate(DType dtype, const Region& region) = 0;

    /// A by-product that other computations will want too: memory found in the cache under its name, or filled by
    /// `make` now, once for all who ask, and kept there. Counts as scratch memory.
    virtual Result<Block> kept(const std::string& name, std::uint64_t bytes,
                               const std::function<Result<void>(std::byte*)>& make) = 0;

    /// What the operation's scratchBytes() said for this computation.
    virtual std::uint64_t scratchBytes() const = 0;
    virtual const std::stop_token& stop() const = 0;
    /// Fraction done, 0..1.
    virtual void progress(double fraction) = 0;
    /// Takes note in the ledger of what the user may wonder about.
    virtual void remark(const std::string& text) = 0;
};

/// An operation that computes new values.
class ComputeOperation : public Operation {
public:
    enum class Cost {
        Cheap,     ///< per element or line: computed for just the region wanted, together with its consumer
        Expensive, ///< computed by whole blocks of the output's blockShape, which are cached
    };

    virtual Cost cost() const = 0;
    /// The boxes of the inputs that `compute(out)` reads; every one is handed to compute in this order.
    virtual std::vector<Need> required(const Region& out) const = 0;
    /// Memory that compute(out) allocates besides its result, in bytes; reserved before it starts. There is room for
    /// `most`: an operation that would like more may cut its work into smaller pieces (compute() finds what it said
    /// here in Workspace::scratchBytes()) or say what it needs at the least, and the request is refused with both
    /// numbers.
    virtual std::uint64_t scratchBytes(const Region& /*out*/, std::uint64_t /*most*/) const { return 0; }
    /// How many blocks may be computed at once, of this and other operations that say so; nothing: any number.
    virtual std::optional<int> mostAtOnce() const { return std::nullopt; }
    /// What of the inputs shows the same place as the output does, in the output's type, for a picture while this is
    /// being computed; an empty array where there is nothing.
    virtual LazyArray standIn(std::span<const LazyArray> /*inputs*/) const { return {}; }
    /// Computes `out` from the needed inputs. Called on many threads at once; parallel inside by oneTBB.
    virtual Result<Block> compute(const Region& out, std::span<const Block> inputs, Workspace& workspace) const = 0;

    const ComputeOperation* asCompute() const final { return this; }
};

} // namespace lazulite::graph
