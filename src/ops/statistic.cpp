#include "lazulite/ops/statistic.h"

#include <fmt/format.h>

#include "lazulite/compute/statistics.h"
#include "lazulite/core/error.h"
#include "spatial.h"

namespace lazulite::ops {

namespace {

std::string_view toString(Statistic kind) {
    switch (kind) {
        case Statistic::Min:
            return "min";
        case Statistic::Max:
            return "max";
        case Statistic::Mean:
            return "mean";
        case Statistic::Percentile:
            return "percentile";
        case Statistic::LastPlaneMedian:
            return "last-plane-median";
        case Statistic::MeanAboveMean:
            return "mean-above-mean";
    }
    return "";
}

class StatisticOperation final : public SpatialOperation {
public:
    StatisticOperation(const LazyArray& array, Statistic kind, double percentile)
        : SpatialOperation(array, "statistic", false), kind_(kind), percentile_(percentile) {
        setOutputType(DType::Float64);
    }

    std::string name() const override { return "statistic"; }
    std::string parameters() const override {
        return kind_ == Statistic::Percentile ? fmt::format("percentile {}", percentile_)
                                              : std::string(toString(kind_));
    }
    Cost cost() const override { return Cost::Expensive; }

protected:
    void describeVolume(Description& result) const override {
        for (Axis& axis : result.axes) {
            axis.size = 1;
            axis.labels.clear();
        }
        result.block = {1, 1, 1};
    }

    Region requiredVolume(const Region&) const override {
        const Volume& shape = inputShape();
        const std::int64_t first = kind_ == Statistic::LastPlaneMedian ? shape[0] - 1 : 0;
        return Region({{first, shape[0]}, {0, shape[1]}, {0, shape[2]}});
    }

    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        const Result<double> number = numberOf(in, context);
        if (!number) return number.error();
        *reinterpret_cast<double*>(out.data) = *number;
        return {};
    }

private:
    Result<double> numberOf(const Block& volume, const compute::Context& context) const {
        if (kind_ == Statistic::Percentile) return compute::percentileOf(volume, percentile_, context);
        if (kind_ == Statistic::LastPlaneMedian) return compute::percentileOf(volume, 50, context);
        const auto moments = compute::momentsOf(volume, context);
        if (!moments) return moments.error();
        if (kind_ == Statistic::Min) return moments->min;
        if (kind_ == Statistic::Max) return moments->max;
        if (kind_ == Statistic::Mean) return moments->mean;
        return compute::meanAbove(volume, moments->mean, context);
    }

    Statistic kind_;
    double percentile_;
};

} // namespace

LazyArray statistic(const LazyArray& array, Statistic kind, double percentile) {
    if (!(percentile >= 0 && percentile <= 100)) {
        throw Failure(fmt::format("a percentile lies between 0 and 100, not at {}", percentile));
    }
    return LazyArray::fromOperation(std::make_shared<StatisticOperation>(array, kind, percentile), {array});
}

} // namespace lazulite::ops
