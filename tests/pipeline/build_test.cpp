#include <gtest/gtest.h>

#include <memory>

#include "lazulite/graph/executor.h"
#include "lazulite/pipeline/pipeline.h"
#include "support/memory_source.h"

namespace lazulite::pipeline {
namespace {

graph::LazyArray recording() {
    const Axes axes{{"t", 3, 2.5, "s", {}},
                    {"c", 2, 1, "", {"488 nm", "560 nm"}},
                    {"z", 7, 0.4, "um", {}},
                    {"y", 10, 0.1, "um", {}},
                    {"x", 12, 0.1, "um", {}}};
    return graph::LazyArray::fromSource(std::make_shared<testing::MemorySource>(axes, DType::UInt16));
}

TEST(BuildPipeline, MakesAStageOfEachStep) {
    const graph::LazyArray raw = recording();
    const Config config =
        parseConfig("[[step]]\nop = \"deskew\"\n[[step]]\nop = \"crop\"\nz = \"2:\"\ny = \"1:-1\"\n", "p.toml").config;
    const Built built = buildPipeline(config, raw, {});
    ASSERT_TRUE(built.ok()) << built.messages.front().toString();
    ASSERT_EQ(built.pipeline.stages.size(), 2U);
    EXPECT_EQ(built.pipeline.stages[0].computations.size(), 1U);
    EXPECT_TRUE(built.pipeline.stages[1].computations.empty());
    const graph::LazyArray result = built.pipeline.result();
    EXPECT_EQ(result.axes()[2].size, raw.axes()[2].size - 2);
    EXPECT_EQ(result.axes()[3].size, raw.axes()[3].size - 2);
    graph::Executor executor({.memoryLimit = 64 << 20, .threads = 2});
    const graph::Outcome outcome = executor.run({.array = result, .region = Region::whole(result.shape())});
    EXPECT_TRUE(outcome.block.ok());
}

TEST(BuildPipeline, LeavesOutStepsThatAreSwitchedOff) {
    const graph::LazyArray raw = recording();
    const Config config = parseConfig("[[step]]\nop = \"deskew\"\nenabled = false\n", "p.toml").config;
    const Built built = buildPipeline(config, raw, {});
    ASSERT_TRUE(built.ok());
    EXPECT_EQ(built.pipeline.stages[0].array.fingerprint(), raw.fingerprint());
}

} // namespace
} // namespace lazulite::pipeline
