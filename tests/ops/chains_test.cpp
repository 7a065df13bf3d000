#include <random>

#include "lazulite/graph/operation.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/reduce.h"
#include "steps.h"
#include "used_backend.h"

namespace lazulite::ops::testing {
namespace {

/// Makes random chains of steps that move or reduce voxels.
class Chains : public Steps {
protected:
    std::int64_t below(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_); }
    double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
    bool maybe() { return below(2) == 0; }

    LazyArray anyStep(const LazyArray& array) {
        const std::int64_t planes = array.axes()[*findAxis(array.axes(), "z")].size;
        switch (below(11)) {
            case 0:
                return planes < 2 ? array : deskew(array, scan());
            case 1:
                return planes < 2 ? array : deskewRotate(array, scan());
            case 2:
                return planes < 2 ? array : rotate(array, between(-50, 50), maybe() ? "x" : "y");
            case 3: {
                const auto sign = [&] { return maybe() ? 90.0 : between(-20, 20); };
                AffineOptions options = affineFrom(array, {between(-0.5, 0.5), 0.1, between(-0.3, 0.3)},
                                                   {sign(), between(-9, 9), 0}, {1, between(0.7, 1.4), 1});
                options.interpolation = maybe() ? Interpolation::Linear : Interpolation::Nearest;
                options.outside = 3;
                return affine(array, options);
            }
            case 4: {
                std::vector<std::array<double, 3>> shifts;
                const std::int64_t timepoints = array.axes()[*findAxis(array.axes(), "t")].size;
                for (std::int64_t t = 0; t < timepoints; ++t) {
                    shifts.push_back({0.4 * static_cast<double>(below(3) - 1), between(-0.2, 0.2), 0.1});
                }
                return shiftByTime(array, shifts);
            }
            case 5:
            case 6: {
                const Axis axis =
                    array.axes()[static_cast<std::size_t>(below(static_cast<std::int64_t>(array.rank())))];
                const std::int64_t begin = below(axis.size);
                return project(array, axis.name, static_cast<Projection>(below(6)),
                               Interval{begin, begin + 1 + below(axis.size - begin)});
            }
            case 7:
                return gaussian(array, {between(0, 0.7), between(0, 1), between(0, 1)});
            case 8:
                return median(array, {below(2), below(2), below(2)});
            case 9: {
                std::array<std::int64_t, 3> factors{};
                constexpr std::array<const char*, 3> kNames{"z", "y", "x"};
                for (std::size_t i = 0; i < 3; ++i) {
                    const std::int64_t size = array.axes()[*findAxis(array.axes(), kNames[i])].size;
                    factors[i] = std::min<std::int64_t>(size, 1 + below(3));
                }
                return bin(array, factors, static_cast<Binning>(below(3)));
            }
            default: {
                const Axis axis =
                    array.axes()[static_cast<std::size_t>(below(static_cast<std::int64_t>(array.rank())))];
                const std::int64_t begin = below(axis.size);
                return crop(array, axis.name, begin, begin + 1 + below(axis.size - begin));
            }
        }
    }

    DeskewOptions scan() {
        DeskewOptions options;
        options.angle = (maybe() ? 1 : -1) * between(25, 60);
        options.width = maybe() ? 0 : 5 + below(20);
        options.shift = maybe() ? 0 : between(-3, 3);
        options.axis = below(4) == 0 ? "y" : "x";
        if (maybe()) options.pad = 7;
        if (below(4) == 0) options.pad.reset();
        return options;
    }

    Region anyRegion(const Region& whole) {
        Region region = whole;
        for (std::size_t i = 0; i < region.rank(); ++i) {
            region[i].begin = below(whole[i].end);
            region[i].end = region[i].begin + 1 + below(whole[i].end - region[i].begin);
        }
        return region;
    }

    static std::string textOf(const LazyArray& array) {
        if (array.source() != nullptr) return "source";
        return textOf(array.inputs()[0]) + " > " + array.operation()->name() + " " + array.operation()->parameters();
    }

    std::mt19937 random_{11};
};

TEST_F(Chains, AnyRegionOfAnyChainEqualsTheWholeThatIsThenCut) {
    const std::array types{DType::UInt8, DType::UInt16, DType::Int16, DType::Float16, DType::Float32, DType::Int64};
    for (int round = 0; round < 120; ++round) {
        const DType type = types[static_cast<std::size_t>(below(static_cast<std::int64_t>(types.size())))];
        LazyArray array =
            LazyArray::fromSource(source("tczyx", {1 + below(3), 2, 2 + below(8), 1 + below(7), 3 + below(14)}, type));
        for (int step = 0; step < 3; ++step) array = anyStep(array);
        const Region whole = Region::whole(array.shape());
        executor_.clearCache();
        const graph::Outcome eager = run(array, whole, false);
        ASSERT_TRUE(eager.block.ok()) << eager.block.error().text();
        for (int cut = 0; cut < 4; ++cut) {
            const Region region = anyRegion(whole);
            executor_.clearCache();
            const graph::Outcome lazy = run(array, region);
            ASSERT_TRUE(lazy.block.ok()) << lazy.block.error().text();
            expectEqual(*lazy.block, *eager.block, region, textOf(array));
            if (HasFatalFailure()) return;
        }
    }
}

TEST_F(Chains, OnACardAreWhatTheProcessorMakesOfThem) {
    // A card that has room for all, and two that keep too little, cut into tiles, or leave things to the processor.
    for (const std::uint64_t bytes : {64U << 20U, 200U << 10U, 40U << 10U}) {
        for (int round = 0; round < 25; ++round) {
            LazyArray array = LazyArray::fromSource(
                source("tczyx", {2, 1, 2 + below(8), 1 + below(17), 3 + below(60)}, DType::UInt16));
            for (int step = 0; step < 3; ++step) array = anyStep(array);
            const Region region = anyRegion(Region::whole(array.shape()));
            executor_.clearCache();
            const Block expected = values(array, region);
            executor_.clearCache();
            const UsedBackend card(lazulite::testing::backendOf({std::make_shared<FakeDevice>(bytes)}));
            expectEqual(values(array, region), expected, region, textOf(array));
            executor_.clearCache();
            if (HasFatalFailure()) return;
        }
    }
}

} // namespace
} // namespace lazulite::ops::testing
