#include "pointwise.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "broadcast.h"
#include "lazulite/compute/backend.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/operation.h"
#include "spatial.h"
#include "volume_axes.h"

namespace lazulite::ops {

using graph::ArrayInfo;
using graph::LazyArray;
using graph::Need;

namespace {

/// One number everywhere in a region, of a type that does not make a kernel compute in double on its own account.
Block constantBlock(double value, bool wide, const Region& region) {
    const Strides nowhere(region.rank(), 0);
    const auto hold = [&](auto number, DType type) {
        const auto holder = std::make_shared<const decltype(number)>(number);
        return Block({holder, reinterpret_cast<const std::byte*>(holder.get())}, type, region, nowhere);
    };
    return wide ? hold(value, DType::Float64) : hold(static_cast<float>(value), DType::Float32);
}

class PointwiseOperation final : public graph::ComputeOperation {
public:
    PointwiseOperation(PointwiseStep step, std::span<const LazyArray> inputs)
        : step_(std::move(step)),
          volumes_(inputs[0].axes()),
          broadcasts_(broadcastsOf(inputs)),
          wide_(compute::computesInDouble(step_.type)) {
        for (const LazyArray& input : inputs.first(inputs.size() - step_.numbers.size())) {
            wide_ = wide_ || compute::computesInDouble(input.dtype());
        }
    }

    std::string name() const override { return step_.name; }
    std::string parameters() const override {
        std::string text = fmt::format("{} {}", step_.parameters, toString(step_.type));
        for (const Operand& operand : step_.operands) {
            const double* number = std::get_if<double>(&operand.value);
            text += number != nullptr ? fmt::format(" {}", *number) : " image";
        }
        return text;
    }
    Cost cost() const override { return Cost::Cheap; }

    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        if (broadcastsOf(inputs) != broadcasts_) throw Failure(fmt::format("{}: the inputs have other axes", name()));
        return {inputs[0].axes(), step_.type, inputs[0].blockShape()};
    }

    std::vector<Need> required(const Region& out) const override {
        std::vector<Need> needs;
        for (std::size_t i = 0; i < broadcasts_.size(); ++i) needs.push_back({i, broadcasts_[i].needed(out)});
        return needs;
    }

    Result<Block> compute(const Region& out, std::span<const Block> inputs,
                          graph::Workspace& workspace) const override {
        auto memory = workspace.allocate(step_.type, out);
        if (!memory) return memory.error();
        std::vector<Block> spread;
        for (std::size_t i = 0; i < inputs.size(); ++i) spread.push_back(broadcasts_[i].spread(inputs[i], out));
        const std::span<const Block> numberBlocks = std::span(spread).last(step_.numbers.size());
        const std::vector<Block> operands = operandsOf(spread, out);
        const compute::Context context = contextOf(workspace);
        Result<void> outcome;
        forEachPart(out, [&](const Region& part) {
            if (!outcome) return;
            std::vector<double> numbers;
            for (const Block& number : numberBlocks) numbers.push_back(valueAtBegin(number, part));
            std::vector<Block> volumes;
            for (const Block& operand : operands) volumes.push_back(volumes_.volumeOf(operand.view(part)));
            outcome = compute::activeBackend()->run(step_.kernel({part, numbers}), volumes,
                                                    volumes_.volumeOf(memory->destination.at(part)), context);
        });
        if (!outcome) return outcome.error();
        return memory->block();
    }

private:
    std::vector<Broadcast> broadcastsOf(std::span<const LazyArray> inputs) const {
        const Axes& axes = inputs[0].axes();
        std::vector<Broadcast> broadcasts{Broadcast(axes, axes, step_.name)};
        for (const Operand& operand : step_.operands) {
            if (std::holds_alternative<double>(operand.value)) continue;
            const std::string what = fmt::format("{}: {}", step_.name, operand.what);
            broadcasts.emplace_back(axes, inputs[broadcasts.size()].axes(), what);
        }
        for (std::size_t i = 0; i < step_.numbers.size(); ++i) {
            broadcasts.emplace_back(axes, inputs[broadcasts.size()].axes(), step_.name);
        }
        return broadcasts;
    }

    /// The kernel's inputs: the data and the operands, all along the data's axes.
    std::vector<Block> operandsOf(std::span<const Block> spread, const Region& out) const {
        std::vector<Block> operands{spread[0]};
        std::size_t next = 1;
        for (const Operand& operand : step_.operands) {
            const double* number = std::get_if<double>(&operand.value);
            operands.push_back(number != nullptr ? constantBlock(*number, wide_, out) : spread[next++]);
        }
        return operands;
    }

    static double valueAtBegin(const Block& block, const Region& part) {
        std::vector<std::int64_t> position;
        for (const Interval& interval : part) position.push_back(interval.begin);
        return block.valueAt(position);
    }

    void forEachPart(const Region& out, const std::function<void(const Region&)>& visit) const {
        const auto& z = volumes_[0];
        if (!step_.firstPlaneApart || !z || out[*z].begin > 0) return volumes_.forEachVolume(out, visit);
        volumes_.forEachVolume(out, [&](const Region& volume) {
            Region part = volume;
            part[*z] = {0, 1};
            visit(part);
            part[*z] = {1, volume[*z].end};
            if (!part.empty()) visit(part);
        });
    }

    PointwiseStep step_;
    VolumeAxes volumes_;
    std::vector<Broadcast> broadcasts_; ///< one an input
    bool wide_;                         ///< whether the kernel computes in double
};

} // namespace

DType factorType(DType array, DType image) {
    return compute::computesInDouble(array) || compute::computesInDouble(image) ? DType::Float64 : DType::Float32;
}

LazyArray pointwise(const LazyArray& array, PointwiseStep step) {
    std::vector<LazyArray> inputs{array};
    for (const Operand& operand : step.operands) {
        if (const auto* image = std::get_if<LazyArray>(&operand.value)) inputs.push_back(*image);
    }
    inputs.insert(inputs.end(), step.numbers.begin(), step.numbers.end());
    auto operation = std::make_shared<PointwiseOperation>(std::move(step), inputs);
    return LazyArray::fromOperation(std::move(operation), std::move(inputs));
}

} // namespace lazulite::ops
