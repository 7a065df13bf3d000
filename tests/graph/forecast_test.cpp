#include "lazulite/graph/forecast.h"

#include <gtest/gtest.h>

#include "lazulite/graph/executor.h"
#include "lazulite/graph/operation.h"
#include "support/memory_source.h"

namespace lazulite::graph {
namespace {

using testing::MemorySource;
using testing::namedAxes;

/// Each plane from itself and the one before it.
class Difference final : public ComputeOperation {
public:
    explicit Difference(Cost cost) : cost_(cost) {}

    std::string name() const override { return "difference"; }
    std::string parameters() const override { return cost_ == Cost::Cheap ? "cheap" : "dear"; }
    ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        Shape block = inputs[0].shape();
        block[0] = 1;
        return {inputs[0].axes(), inputs[0].dtype(), block};
    }
    Cost cost() const override { return cost_; }
    std::vector<Need> required(const Region& out) const override {
        Region before = out;
        before[1] = {std::max<std::int64_t>(0, out[1].begin - 1), out[1].end - (out[1].end > 1 ? 1 : 0)};
        return {{0, out}, {0, before}};
    }
    Result<Block> compute(const Region& out, std::span<const Block> inputs, Workspace& workspace) const override {
        auto memory = workspace.allocate(inputs[0].dtype(), out);
        if (!memory) return memory.error();
        inputs[0].copyTo(memory->destination);
        return memory->block();
    }

private:
    Cost cost_;
};

class Forecasts : public ::testing::Test {
protected:
    LazyArray difference(ComputeOperation::Cost cost) const {
        return LazyArray::fromOperation(std::make_shared<Difference>(cost), {raw_});
    }
    /// Foretells a request, does it with nothing cached, and compares.
    Forecast checked(const LazyArray& array, const Region& region) {
        const Forecast foretold = forecast(array, region, kMemory);
        EXPECT_EQ(source_->readCount(), 0U);
        Executor executor({.memoryLimit = kMemory, .threads = 2});
        const Costs costs = executor.run({.array = array, .region = region}).costs;
        EXPECT_EQ(foretold.pages, costs.reads.pagesRead);
        EXPECT_EQ(foretold.bytes, costs.reads.bytesRead);
        EXPECT_EQ(foretold.computed, costs.blocksComputed);
        EXPECT_GE(foretold.peak, executor.memory().usage().inUse);
        source_->reads.clear();
        return foretold;
    }

    static constexpr std::uint64_t kMemory = 16U << 20U;
    std::shared_ptr<MemorySource> source_ =
        std::make_shared<MemorySource>(namedAxes("tzyx", {3, 4, 8, 16}), DType::UInt16);
    LazyArray raw_ = LazyArray::fromSource(source_);
};

TEST_F(Forecasts, CountFilesAndPagesOfRawData) {
    const Forecast plane = checked(raw_, Region({{1, 2}, {2, 3}, {0, 8}, {0, 16}}));
    EXPECT_EQ(plane.files, 1);
    EXPECT_EQ(plane.pages, 1);
    EXPECT_EQ(plane.bytes, 8 * 16 * 2);
    const Forecast rows = checked(raw_, Region({{0, 3}, {0, 4}, {0, 2}, {0, 16}}));
    EXPECT_EQ(rows.files, 3);
    EXPECT_EQ(rows.pages, 12);
    EXPECT_EQ(rows.bytes, 12 * 2 * 16 * 2);
}

TEST_F(Forecasts, CountAPageOnceThatIsNeededTwice) {
    const Region planes({{1, 2}, {1, 3}, {0, 8}, {0, 16}});
    const Forecast cheap = forecast(difference(ComputeOperation::Cost::Cheap), planes, kMemory);
    EXPECT_EQ(cheap.files, 1);
    EXPECT_EQ(cheap.pages, 3);
    EXPECT_EQ(cheap.computed, 1);
}

TEST_F(Forecasts, TellThatDearResultsAreMadeByWholeBlocks) {
    const Region plane({{1, 2}, {2, 3}, {0, 8}, {0, 16}});
    const Forecast dear = forecast(difference(ComputeOperation::Cost::Expensive), plane, kMemory);
    EXPECT_EQ(dear.pages, 4);
    EXPECT_EQ(dear.computed, 1);
    EXPECT_EQ(source_->readCount(), 0U);
}

} // namespace
} // namespace lazulite::graph
