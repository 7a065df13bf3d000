#include "launch.h"
#include "launches.h"

/// Expressions are run instruction by instruction on pieces of rows: choosing the function costs once a piece, and the
/// loop over the piece is vectorised.
namespace lazulite::compute::cpu {

namespace {

constexpr Index kPiece = 256; ///< voxels; all slots of an expression of usual length stay in the first cache

/// The rows of numbers of one thread, one a slot.
template <typename Real>
class Machine {
public:
    explicit Machine(const Expression& expression) : expression_(expression) {
        for (std::size_t i = 0; i < expression.constantCount; ++i) {
            const auto value = static_cast<Real>(expression.constants[i]);
            std::fill_n(slot(expression.inputCount + i), kPiece, value);
        }
    }

    Real* slot(std::size_t index) { return &numbers_[index * static_cast<std::size_t>(kPiece)]; }

    /// Runs on the first `count` numbers of the slots and returns the slot of the result.
    const Real* run(Index count) {
        Real* to = nullptr;
        for (std::size_t i = 0; i < expression_.instructionCount; ++i) {
            const Expression::Instruction& next = expression_.code[i];
            to = slot(next.to);
            withFunction(next.opcode,
                         [&](auto function) { apply(function, count, slot(next.a), slot(next.b), slot(next.c), to); });
        }
        return to;
    }

private:
    template <typename Function>
    static void apply(Function function, Index count, const Real* a, const Real* b, const Real* c,
                      Real* __restrict to) {
        for (Index i = 0; i < count; ++i) to[i] = function(a[i], b[i], c[i]);
    }

    const Expression& expression_;
    std::array<Real, Expression::kMostSlots* static_cast<std::size_t>(kPiece)> numbers_;
};

template <typename Real>
Result<void> runOnRows(const Expression& expression, Inputs inputs, const Destination& out, const Context& context) {
    return overRows(out, context, [&](Index z, Index y, std::byte* row) {
        Machine<Real> machine(expression);
        const Interval columns = out.region[2];
        for (Index x = columns.begin; x < columns.end; x += kPiece) {
            const Index count = std::min(columns.end - x, kPiece);
            for (std::size_t k = 0; k < inputs.size(); ++k) {
                const Strides& strides = inputs[k].strides();
                const Region& region = inputs[k].region();
                const std::byte* from = inputs[k].data() + (z - region[0].begin) * strides[0] +
                                        (y - region[1].begin) * strides[1] + (x - region[2].begin) * strides[2];
                loadRow(from, strides[2], inputs[k].dtype(), count, machine.slot(k));
            }
            storeRow(machine.run(count), count, out.dtype, row + (x - columns.begin) * out.strides[2], out.strides[2]);
        }
    });
}

} // namespace

Result<void> launch(const Expression& kernel, Inputs inputs, const Destination& out, const Context& context) {
    if (needsDouble(inputs, out)) return runOnRows<double>(kernel, inputs, out, context);
    return runOnRows<float>(kernel, inputs, out, context);
}

} // namespace lazulite::compute::cpu
