#include "launch.h"
#include "launches.h"

/// Expressions are run instruction by instruction on pieces of rows: choosing the function costs once a piece, and the
/// loop over the piece is vectorised.
namespace lazulite::compute::cpu {

namespace {

constexpr Index kPiece = 256; ///< voxels; all slots of an expression of usual length stay in the first cache

/// Rows of numbers, one a slot.
template <typename Real>
class Machine {
public:
    explicit Machine(const Expression& expression) : expression_(expression) {
        for (std::size_t i = 0; i < expression.constantCount; ++i) {
            const auto value = static_cast<Real>(expression.constants[i]);
            std::fill_n(room(expression.inputCount + i), kPiece, value);
        }
        for (std::size_t i = 0; i < expression.slotCount; ++i) slots_[i] = room(i);
    }

    /// Has an input read from the numbers of a run.
    void take(std::size_t input, InputRun& run, Index count) { slots_[input] = run.next(count, room(input)); }

    /// Runs on the first `count` numbers of the slots and returns those of the result.
    const Real* run(Index count) {
        Real* to = nullptr;
        for (std::size_t i = 0; i < expression_.instructionCount; ++i) {
            const Expression::Instruction& next = expression_.code[i];
            to = room(next.to);
            withFunction(next.opcode, [&](auto function) {
                apply(function, count, slots_[next.a], slots_[next.b], slots_[next.c], to);
            });
            slots_[next.to] = to;
        }
        return to;
    }

private:
    Real* room(std::size_t slot) { return &numbers_[slot * static_cast<std::size_t>(kPiece)]; }

    template <typename Function>
    static void apply(Function function, Index count, const Real* a, const Real* b, const Real* c,
                      Real* __restrict to) {
        for (Index i = 0; i < count; ++i) to[i] = function(a[i], b[i], c[i]);
    }

    const Expression& expression_;
    std::array<const Real*, Expression::kMostSlots> slots_{};
    std::array<Real, Expression::kMostSlots* static_cast<std::size_t>(kPiece)> numbers_;
};

template <typename Real>
Result<void> runOnRows(const Expression& expression, Inputs inputs, const Destination& out, const Context& context) {
    return overRuns(inputs, out, context, [&](Index z, Index y, Index length) {
        Machine<Real> machine(expression);
        std::array<InputRun, Expression::kMostSlots> runs;
        for (std::size_t k = 0; k < inputs.size(); ++k) runs[k] = InputRun(inputs[k], out.region, z, y);
        OutputRun to(out, z, y);
        for (Index done = 0; done < length; done += kPiece) {
            const Index count = std::min(length - done, kPiece);
            for (std::size_t k = 0; k < inputs.size(); ++k) machine.take(k, runs[k], count);
            const Real* results = nullptr;
            withMostLanes([&] { results = machine.run(count); });
            to.put(results, count);
        }
    });
}

} // namespace

Result<void> launch(const Expression& kernel, Inputs inputs, const Destination& out, const Context& context) {
    if (needsDouble(inputs, out)) return runOnRows<double>(kernel, inputs, out, context);
    return runOnRows<float>(kernel, inputs, out, context);
}

} // namespace lazulite::compute::cpu
