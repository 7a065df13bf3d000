#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

#include "lazulite/core/error.h"

namespace lazulite::compute {

/// What a computation may use and has to heed. Empty functions: nobody listens, memory comes from the heap.
struct Context {
    std::stop_token stop{};                 ///< when it is requested the answer is Error::cancelled(), soon
    std::function<void(double)> progress{}; ///< fraction done, 0..1; called on any thread
    /// Scratch memory, 64-byte aligned, not initialised, counted in the caller's budget.
    std::function<Result<std::shared_ptr<std::byte>>(std::uint64_t bytes)> scratch{};
    std::uint64_t scratchBytes = UINT64_MAX; ///< what scratch() may give in all
};

/// context.scratch, or the heap where it is empty.
Result<std::shared_ptr<std::byte>> scratchOf(const Context& context, std::uint64_t bytes);

} // namespace lazulite::compute
