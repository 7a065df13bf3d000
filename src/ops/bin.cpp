#include <fmt/format.h>

#include <utility>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/needs.h"
#include "lazulite/core/error.h"
#include "lazulite/ops/reduce.h"
#include "promote.h"
#include "spatial.h"

namespace lazulite::ops {

namespace {

constexpr std::array<const char*, 3> kSpace{"z", "y", "x"};

class BinOperation final : public SpatialOperation {
public:
    BinOperation(const LazyArray& array, const Volume& factors, Binning kind)
        : SpatialOperation(array, "bin", false), factors_(factors), kind_(kind) {
        if (kind == Binning::Sum) setOutputType(promoted(array.dtype()));
        std::array<compute::Span, 3> spans;
        for (std::size_t i = 0; i < 3; ++i) {
            const std::int64_t size = inputShape()[i];
            if (factors[i] < 1) {
                throw Failure(fmt::format("bin: a factor of {} along {} makes no sense; it must be 1 or more",
                                          factors[i], kSpace[i]));
            }
            if (factors[i] > size) {
                throw Failure(fmt::format("bin: a factor of {} leaves nothing of axis {}, which has {} element{}",
                                          factors[i], kSpace[i], size, size == 1 ? "" : "s"));
            }
            spans[i] = compute::Span::blocks(factors[i], size);
        }
        window_ = {spans[0], spans[1], spans[2]};
    }

    std::string name() const override { return "bin"; }
    std::string parameters() const override {
        return fmt::format("{},{},{} {}", factors_[0], factors_[1], factors_[2], static_cast<int>(kind_));
    }

protected:
    void describeVolume(Description& result) const override {
        for (std::size_t i = 0; i < 3; ++i) {
            if (factors_[i] == 1) continue;
            Axis& axis = result.axes[i];
            axis.size = inputShape()[i] / factors_[i];
            axis.spacing *= static_cast<double>(factors_[i]);
            axis.labels.clear();
            result.block[i] /= factors_[i];
        }
    }
    Region requiredVolume(const Region& out) const override { return neededBy(window_, out); }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        return compute::activeBackend()->run(kernel(), {&in, 1}, out, context);
    }

private:
    compute::Kernel kernel() const {
        switch (kind_) {
            case Binning::Sum:
                return compute::Reduce<compute::Sum>{window_};
            case Binning::Max:
                return compute::Reduce<compute::Max>{window_};
            case Binning::Mean:
                break;
        }
        return compute::Reduce<compute::Mean>{window_};
    }

    Volume factors_;
    Binning kind_;
    compute::Window window_;
};

} // namespace

LazyArray bin(const LazyArray& array, const std::array<std::int64_t, 3>& factors, Binning kind) {
    return LazyArray::fromOperation(std::make_shared<BinOperation>(array, factors, kind), {array});
}

} // namespace lazulite::ops
