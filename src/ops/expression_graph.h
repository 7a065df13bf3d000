#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "lazulite/compute/kernels/expression.h"

namespace lazulite::ops {

/// What an expression computes, as nodes that use earlier nodes. Equal nodes are one, and what is constant is folded.
class ExpressionGraph {
public:
    using Node = std::uint32_t;

    Node constant(double value);
    Node channel(std::int64_t index);
    Node apply(compute::Opcode opcode, Node a);
    Node apply(compute::Opcode opcode, Node a, Node b);
    Node apply(compute::Opcode opcode, Node a, Node b, Node c);
    /// base ^ exponent; by multiplication where the exponent is a small whole number.
    Node power(Node base, Node exponent);

    std::size_t size() const { return nodes_.size(); }

    /// Instructions for a node, and the channels that they take as inputs; nothing where they are too many.
    struct Code {
        compute::Expression expression;
        std::vector<std::int64_t> channels;
    };
    std::optional<Code> codeFor(Node root) const;

private:
    enum class Kind : std::uint8_t { Constant, Channel, Computed };
    struct Entry {
        Kind kind = Kind::Computed;
        compute::Opcode opcode = compute::Opcode::Copy;
        std::uint64_t value = 0; ///< of a constant its bits, of a channel its index
        Node a = 0;
        Node b = 0;
        Node c = 0;
        auto operator<=>(const Entry&) const = default;
    };

    Node add(const Entry& entry);
    std::optional<double> constantOf(Node node) const;
    Node wholePower(Node base, int exponent);
    std::vector<bool> neededFor(Node root) const;

    std::vector<Entry> nodes_;
    std::map<Entry, Node> known_;
};

} // namespace lazulite::ops
