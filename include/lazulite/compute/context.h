#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "lazulite/core/block.h"
#include "lazulite/core/error.h"

namespace lazulite::compute {

/// Fills memory.
using Filler = std::function<Result<void>(std::byte*)>;

/// What a computation may use and has to heed. Empty functions: nobody listens, memory comes from the heap.
struct Context {
    std::stop_token stop{};                 ///< when it is requested the answer is Error::cancelled(), soon
    std::function<void(double)> progress{}; ///< fraction done, 0..1; called on any thread
    /// Scratch memory, 64-byte aligned, not initialised, counted in the caller's budget.
    std::function<Result<std::shared_ptr<std::byte>>(std::uint64_t bytes)> scratch{};
    std::uint64_t scratchBytes = UINT64_MAX; ///< what scratch() and kept() may give in all
    /// A by-product that other computations will want too, such as an OTF: memory as of scratch(), found under its
    /// name, or filled by `make` now and kept for them as far as the caller's budget allows.
    std::function<Result<std::shared_ptr<const std::byte>>(const std::string& name, std::uint64_t bytes,
                                                           const Filler& make)>
        kept{};
    /// Takes note of what the user may wonder about: that a graphics card was too small, say.
    std::function<void(const std::string&)> remark{};
    /// Hears how long a kernel took by itself, in ms, from backends that can tell it from copies.
    std::function<void(double)> kernelTime{};
};

/// context.scratch, or the heap where it is empty.
Result<std::shared_ptr<std::byte>> scratchOf(const Context& context, std::uint64_t bytes);

/// A volume between two kernels: scratch memory whose values may stay on a graphics card.
struct Intermediate {
    Destination destination;
    Block block;
};
Result<Intermediate> intermediateOf(const Context& context, DType type, const Region& region);

/// context.kept, or scratch memory that is filled now where it is empty.
Result<std::shared_ptr<const std::byte>> keptOf(const Context& context, const std::string& name, std::uint64_t bytes,
                                                const Filler& make);

void remark(const Context& context, const std::string& text);

} // namespace lazulite::compute
