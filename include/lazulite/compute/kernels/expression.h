#pragma once

#include <array>

#include "lazulite/compute/kernels/functions.h"
#include "lazulite/compute/kernels/portable.h"

namespace lazulite::compute {

/// What an instruction of an Expression does with up to three numbers.
enum class Opcode : std::uint8_t {
    Copy, ///< the first
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Negate,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Min,
    Max,
    Abs,
    Sqrt,
    Exp,
    Log,
    Log2,
    Log10,
    Floor,
    Ceil,
    Round,
    Clip,
    Where,
};

/// Calls `visit` with the function of three numbers that belongs to an opcode. All backends, and the folding of
/// constants, use these. Comparisons give 1 or 0; where a number of Min, Max or Clip is NaN so is the result.
template <typename Visit>
LAZULITE_HD void withFunction(Opcode opcode, const Visit& visit) {
    switch (opcode) {
        case Opcode::Copy:
            return visit([](auto a, auto, auto) { return a; });
        case Opcode::Add:
            return visit([](auto a, auto b, auto) { return a + b; });
        case Opcode::Subtract:
            return visit([](auto a, auto b, auto) { return a - b; });
        case Opcode::Multiply:
            return visit([](auto a, auto b, auto) { return a * b; });
        case Opcode::Divide:
            return visit([](auto a, auto b, auto) { return a / b; });
        case Opcode::Power:
            return visit([](auto a, auto b, auto) { return std::pow(a, b); });
        case Opcode::Negate:
            return visit([](auto a, auto, auto) { return -a; });
        case Opcode::Less:
            return visit([](auto a, auto b, auto) { return static_cast<decltype(a)>(a < b ? 1 : 0); });
        case Opcode::LessOrEqual:
            return visit([](auto a, auto b, auto) { return static_cast<decltype(a)>(a <= b ? 1 : 0); });
        case Opcode::Greater:
            return visit([](auto a, auto b, auto) { return static_cast<decltype(a)>(a > b ? 1 : 0); });
        case Opcode::GreaterOrEqual:
            return visit([](auto a, auto b, auto) { return static_cast<decltype(a)>(a >= b ? 1 : 0); });
        case Opcode::Equal:
            return visit([](auto a, auto b, auto) { return static_cast<decltype(a)>(a == b ? 1 : 0); });
        case Opcode::NotEqual:
            return visit([](auto a, auto b, auto) { return static_cast<decltype(a)>(a != b ? 1 : 0); });
        case Opcode::Min:
            return visit([](auto a, auto b, auto) { return smaller(a, b); });
        case Opcode::Max:
            return visit([](auto a, auto b, auto) { return larger(a, b); });
        case Opcode::Abs:
            return visit([](auto a, auto, auto) { return a < 0 ? -a : a; });
        case Opcode::Sqrt:
            return visit([](auto a, auto, auto) { return std::sqrt(a); });
        case Opcode::Exp:
            return visit([](auto a, auto, auto) { return exponential(a); });
        case Opcode::Log:
            return visit([](auto a, auto, auto) { return logarithm(a); });
        case Opcode::Log2:
            return visit([](auto a, auto, auto) { return logarithm2(a); });
        case Opcode::Log10:
            return visit([](auto a, auto, auto) { return std::log10(a); });
        case Opcode::Floor:
            return visit([](auto a, auto, auto) { return std::floor(a); });
        case Opcode::Ceil:
            return visit([](auto a, auto, auto) { return std::ceil(a); });
        case Opcode::Round:
            return visit([](auto a, auto, auto) { return std::nearbyint(a); });
        case Opcode::Clip:
            return visit([](auto a, auto b, auto c) { return smaller(larger(a, b), c); });
        case Opcode::Where:
            return visit([](auto a, auto b, auto c) { return a != 0 ? b : c; });
    }
}

/// An arithmetic expression over its inputs, as instructions on slots: first the inputs, then constants, then
/// intermediate results. The last instruction makes the result. What is meant by each slot is decided by who compiles
/// it.
struct Expression {
    static constexpr std::size_t kMostInstructions = 128;
    static constexpr std::size_t kMostConstants = 24;
    static constexpr std::size_t kMostSlots = 64;

    struct Instruction {
        Opcode opcode = Opcode::Copy;
        std::uint8_t a = 0; ///< the slots of the operands; unused ones are those of the first
        std::uint8_t b = 0;
        std::uint8_t c = 0;
        std::uint8_t to = 0;
    };

    std::array<Instruction, kMostInstructions> code{};
    std::array<double, kMostConstants> constants{};
    std::uint8_t instructionCount = 0;
    std::uint8_t inputCount = 0;
    std::uint8_t constantCount = 0;
    std::uint8_t slotCount = 0;

    /// The result for one voxel.
    template <typename Real>
    LAZULITE_HD Real operator()(const Real* inputs) const {
        Real slots[kMostSlots];
        for (int i = 0; i < inputCount; ++i) slots[i] = inputs[i];
        for (int i = 0; i < constantCount; ++i) slots[inputCount + i] = static_cast<Real>(constants[i]);
        Real result = 0;
        for (int i = 0; i < instructionCount; ++i) {
            const Instruction& next = code[i];
            withFunction(next.opcode,
                         [&](auto function) { result = function(slots[next.a], slots[next.b], slots[next.c]); });
            slots[next.to] = result;
        }
        return result;
    }
};

} // namespace lazulite::compute
