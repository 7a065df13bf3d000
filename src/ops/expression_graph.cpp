#include "expression_graph.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lazulite::ops {

using compute::Expression;
using compute::Opcode;

namespace {

/// Hands out the lowest free slot.
class Slots {
public:
    std::uint8_t take() {
        const auto free = std::find(taken_.begin(), taken_.end(), false);
        const auto slot = static_cast<std::uint8_t>(free - taken_.begin());
        if (free == taken_.end()) taken_.push_back(true);
        taken_[slot] = true;
        return slot;
    }
    void giveBack(std::uint8_t slot) { taken_[slot] = false; }
    std::size_t most() const { return taken_.size(); }

private:
    std::vector<bool> taken_;
};

} // namespace

ExpressionGraph::Node ExpressionGraph::add(const Entry& entry) {
    const auto [place, isNew] = known_.try_emplace(entry, static_cast<Node>(nodes_.size()));
    if (isNew) nodes_.push_back(entry);
    return place->second;
}

ExpressionGraph::Node ExpressionGraph::constant(double value) {
    return add({.kind = Kind::Constant, .value = std::bit_cast<std::uint64_t>(value)});
}

ExpressionGraph::Node ExpressionGraph::channel(std::int64_t index) {
    return add({.kind = Kind::Channel, .value = static_cast<std::uint64_t>(index)});
}

std::optional<double> ExpressionGraph::constantOf(Node node) const {
    if (nodes_[node].kind != Kind::Constant) return std::nullopt;
    return std::bit_cast<double>(nodes_[node].value);
}

ExpressionGraph::Node ExpressionGraph::apply(Opcode opcode, Node a) {
    return apply(opcode, a, a, a);
}

ExpressionGraph::Node ExpressionGraph::apply(Opcode opcode, Node a, Node b) {
    return apply(opcode, a, b, a);
}

ExpressionGraph::Node ExpressionGraph::apply(Opcode opcode, Node a, Node b, Node c) {
    const auto x = constantOf(a);
    const auto y = constantOf(b);
    const auto z = constantOf(c);
    if (!x || !y || !z) return add({.opcode = opcode, .a = a, .b = b, .c = c});
    double folded = 0;
    compute::withFunction(opcode, [&](auto function) { folded = function(*x, *y, *z); });
    return constant(folded);
}

ExpressionGraph::Node ExpressionGraph::power(Node base, Node exponent) {
    constexpr double kMostMultiplied = 64;
    const auto number = constantOf(exponent);
    if (!number || constantOf(base)) return apply(Opcode::Power, base, exponent);
    if (*number == 0.5) return apply(Opcode::Sqrt, base);
    if (std::abs(*number) > kMostMultiplied || *number != std::floor(*number)) {
        return apply(Opcode::Power, base, exponent);
    }
    const Node product = wholePower(base, static_cast<int>(std::abs(*number)));
    return *number < 0 ? apply(Opcode::Divide, constant(1), product) : product;
}

ExpressionGraph::Node ExpressionGraph::wholePower(Node base, int exponent) {
    if (exponent == 0) return constant(1);
    if (exponent == 1) return base;
    const Node half = wholePower(base, exponent / 2);
    const Node square = apply(Opcode::Multiply, half, half);
    return exponent % 2 == 0 ? square : apply(Opcode::Multiply, square, base);
}

std::vector<bool> ExpressionGraph::neededFor(Node root) const {
    std::vector<bool> needed(nodes_.size(), false);
    needed[root] = true;
    for (Node node = root + 1; node-- > 0;) {
        if (!needed[node] || nodes_[node].kind != Kind::Computed) continue;
        for (const Node operand : {nodes_[node].a, nodes_[node].b, nodes_[node].c}) needed[operand] = true;
    }
    return needed;
}

std::optional<ExpressionGraph::Code> ExpressionGraph::codeFor(Node root) const {
    const std::vector<bool> needed = neededFor(root);
    std::vector<Node> lastUse(nodes_.size(), 0);
    std::vector<Node> computed;
    for (Node node = 0; node <= root; ++node) {
        if (!needed[node] || nodes_[node].kind != Kind::Computed) continue;
        for (const Node operand : {nodes_[node].a, nodes_[node].b, nodes_[node].c}) lastUse[operand] = node;
        computed.push_back(node);
    }
    Code code;
    Slots slots;
    std::vector<std::uint8_t> slotOf(nodes_.size(), 0);
    std::vector<double> constants;
    const auto place = [&](Kind kind, const auto& note) {
        for (Node node = 0; node <= root; ++node) {
            if (!needed[node] || nodes_[node].kind != kind) continue;
            slotOf[node] = slots.take();
            note(nodes_[node].value);
        }
    };
    place(Kind::Channel, [&](std::uint64_t value) { code.channels.push_back(static_cast<std::int64_t>(value)); });
    place(Kind::Constant, [&](std::uint64_t value) { constants.push_back(std::bit_cast<double>(value)); });
    if (constants.size() > Expression::kMostConstants || computed.size() >= Expression::kMostInstructions ||
        slots.most() >= Expression::kMostSlots) {
        return std::nullopt;
    }
    Expression& expression = code.expression;
    std::copy(constants.begin(), constants.end(), expression.constants.begin());
    expression.inputCount = static_cast<std::uint8_t>(code.channels.size());
    expression.constantCount = static_cast<std::uint8_t>(constants.size());
    for (const Node node : computed) {
        const Entry& entry = nodes_[node];
        slotOf[node] = slots.take(); // before operands give theirs back: no instruction overwrites what it reads
        expression.code[expression.instructionCount++] = {entry.opcode, slotOf[entry.a], slotOf[entry.b],
                                                          slotOf[entry.c], slotOf[node]};
        for (Node operand : {entry.a, entry.b, entry.c}) {
            const bool isLast = lastUse[operand] == node && nodes_[operand].kind == Kind::Computed;
            if (isLast) slots.giveBack(slotOf[operand]);
        }
    }
    if (computed.empty()) {
        expression.code[0] = {Opcode::Copy, slotOf[root], slotOf[root], slotOf[root], slots.take()};
        expression.instructionCount = 1;
    }
    if (slots.most() > Expression::kMostSlots) return std::nullopt;
    expression.slotCount = static_cast<std::uint8_t>(slots.most());
    return code;
}

} // namespace lazulite::ops
