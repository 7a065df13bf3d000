#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "support/blocks.h"

namespace lazulite::ops::testing {

using graph::LazyArray;
using lazulite::testing::blockOf;
using lazulite::testing::BlockSource;
using lazulite::testing::forEachPosition;
using lazulite::testing::namedAxes;
using lazulite::testing::randomBlock;

using Position = std::vector<std::int64_t>;

/// Axes named by letters; z, y and x in um: 0.4 and 0.1.
inline Axes measuredAxes(const std::string& names, const Shape& sizes) {
    Axes axes = namedAxes(names, sizes);
    for (Axis& axis : axes) {
        if (axis.name != "z" && axis.name != "y" && axis.name != "x") continue;
        axis.spacing = axis.name == "z" ? 0.4 : 0.1;
        axis.unit = "um";
    }
    return axes;
}

class Steps : public ::testing::Test {
protected:
    /// A recording of random values, or of `value`.
    static std::shared_ptr<BlockSource> source(const std::string& names, const Shape& sizes,
                                               DType type = DType::UInt16) {
        return named(names, randomBlock(type, Region::whole(sizes), 5));
    }
    static std::shared_ptr<BlockSource> source(const std::string& names, const Shape& sizes, DType type,
                                               const lazulite::testing::ValueAt& value) {
        return named(names, blockOf(type, Region::whole(sizes), value));
    }
    /// Each has its own name, so that none is taken for another in the cache.
    static std::shared_ptr<BlockSource> named(const std::string& names, const Block& block) {
        static int count = 0;
        return std::make_shared<BlockSource>(measuredAxes(names, block.shape()), block,
                                             "block" + std::to_string(++count));
    }

    /// The region of an array where the named axes are cut.
    static Region part(const LazyArray& array, const std::vector<std::pair<std::string, Interval>>& cuts) {
        Region region = Region::whole(array.shape());
        for (const auto& [name, interval] : cuts) region[*findAxis(array.axes(), name)] = interval;
        return region;
    }
    graph::Outcome run(const LazyArray& array, const Region& region, bool keep = true) {
        return executor_.run({.array = array, .region = region, .keep = keep});
    }
    Block values(const LazyArray& array, const Region& region) {
        const graph::Outcome outcome = run(array, region);
        EXPECT_TRUE(outcome.block.ok()) << outcome.block.error().text();
        return *outcome.block;
    }
    Block values(const LazyArray& array) { return values(array, Region::whole(array.shape())); }

    /// Two blocks of a region are equal, NaN to NaN.
    static void expectEqual(const Block& a, const Block& b, const Region& region, const std::string& what = "") {
        forEachPosition(region, [&](const Position& at) {
            const double left = a.valueAt(at);
            const double right = b.valueAt(at);
            ASSERT_TRUE(left == right || (std::isnan(left) && std::isnan(right)))
                << left << " is not " << right << " in " << region.toString() << " " << what;
        });
    }

    /// A Failure whose message holds all of these words.
    template <typename Make>
    static void expectFailure(const Make& make, const std::vector<std::string>& words) {
        try {
            make();
            ADD_FAILURE() << "no failure";
        } catch (const Failure& failure) {
            for (const std::string& word : words) {
                EXPECT_NE(std::string(failure.what()).find(word), std::string::npos) << failure.what();
            }
        }
    }

    graph::Executor executor_{{.memoryLimit = 256U << 20U, .threads = 2}};
};

} // namespace lazulite::ops::testing
