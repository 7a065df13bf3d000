#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lazulite/compute/kernels/expression.h"
#include "lazulite/ops/intensity.h"

namespace lazulite::ops {

/// An expression, ready to run, and which channels its inputs are.
struct CompiledExpression {
    compute::Expression code;
    std::vector<std::int64_t> channels;
};

/// Translates an expression over that many channels, which may also be called by their labels, in quotes.
std::variant<CompiledExpression, ExpressionMistake> compileExpression(std::string_view text, std::int64_t channels,
                                                                      std::span<const std::string> labels);

} // namespace lazulite::ops
