#include <gtest/gtest.h>

#include "lazulite/graph/executor.h"
#include "recording.h"

namespace lazulite::pipeline {
namespace {

constexpr std::uint64_t kMemory = 64U << 20U;

const std::string kChain = R"(
[[step]]
op = "deskew"
[[step]]
op = "smooth"
enabled = false
[[step]]
op = "deconvolve"
psf = "psf.tif"
background = 0
iterations = 1
label = "sharper"
[[step]]
op = "project"
range = "2:5"
)";

class Report : public ::testing::Test {
protected:
    Report() { writePsf(folder_ / "psf.tif"); }

    Pipeline built(const std::string& text) const {
        const Built result = buildPipeline(parseConfig(text, folder_ / "p.toml"), raw_, {});
        EXPECT_TRUE(result.ok());
        return result.pipeline;
    }

    testing::TemporaryFolder folder_;
    std::shared_ptr<testing::BlockSource> source_ = recordingOf(recordingAxes());
    graph::LazyArray raw_ = graph::LazyArray::fromSource(source_);
};

TEST_F(Report, ForetellsWhatASliceOfEachStepReadsAndTakes) {
    const std::vector<StageReport> reports = report(built(kChain), kMemory);
    ASSERT_EQ(reports.size(), 5U);
    EXPECT_EQ(reports[3].title, "step 3: deconvolve (sharper)");
    EXPECT_FALSE(reports[2].enabled);
    EXPECT_TRUE(source_->reads.empty());
    const std::vector<std::int64_t> pages{1, 1, 1, 7, 7};
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const graph::LazyArray& array = reports[i].array;
        Region plane = Region::whole(array.shape());
        for (std::size_t axis = 0; axis < 3; ++axis) {
            plane[axis] = {array.shape()[axis] / 2, array.shape()[axis] / 2 + 1};
        }
        graph::Executor executor({.memoryLimit = kMemory, .threads = 2});
        const graph::Outcome outcome = executor.run({.array = array, .region = plane, .keep = false});
        ASSERT_TRUE(outcome.block.ok());
        EXPECT_EQ(reports[i].slice.pages, outcome.costs.reads.pagesRead) << i;
        EXPECT_EQ(reports[i].slice.pages, pages[i]) << i;
        EXPECT_EQ(reports[i].slice.files, 1) << i;
        EXPECT_EQ(reports[i].slice.computed, outcome.costs.blocksComputed) << i;
        EXPECT_EQ(reports[i].volume.pages, 7) << i;
    }
}

TEST_F(Report, IsToldInWords) {
    const std::string text = describe(built("[[step]]\nop = \"crop\"\ny = \"1:\"\n"), kMemory);
    const std::string crop = text.substr(text.find("step 1"));
    EXPECT_EQ(text.substr(0, text.find("step 1")).substr(0, 9), "raw data\n");
    EXPECT_NE(crop.find("step 1: crop\n"
                        "  shape    t 3, c 2, z 7, y 9, x 12 of uint16 (9.07 kB)\n"
                        "  voxel    z 0.4 um, y 0.1 um, x 0.1 um\n"
                        "  block    1 x 1 x 1 x 9 x 12 (216 B)\n"
                        "  slice    reads 1 page of 1 file (240 B), takes "),
              std::string::npos)
        << crop;
    EXPECT_EQ(text.find("refused"), std::string::npos);
    const std::string tight = describe(built("[[step]]\nop = \"crop\"\ny = \"1:\"\n"), 2000);
    EXPECT_NE(tight.find(": refused, for the budget is 2 kB; raise it with --memory"), std::string::npos) << tight;
}

} // namespace
} // namespace lazulite::pipeline
