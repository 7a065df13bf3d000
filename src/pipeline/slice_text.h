#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lazulite/core/error.h"
#include "lazulite/core/region.h"

namespace lazulite::pipeline {

/// A range as NumPy writes it, before it meets an axis.
struct SliceText {
    std::optional<std::int64_t> first{}; ///< nothing: from the beginning
    std::optional<std::int64_t> end{};   ///< nothing: to the end

    /// The part of an axis of that size, which may be empty.
    Interval on(std::int64_t size) const;
};

/// "2:", "10:-20", ":500", ":". The error says what is wrong and what to write.
Result<SliceText> parseSlice(const std::string& text);

} // namespace lazulite::pipeline
