#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/graph/operation.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/intensity.h"
#include "lazulite/pipeline/schema.h"
#include "recording.h"

namespace lazulite::pipeline {
namespace {

using graph::LazyArray;

class BuildPipeline : public ::testing::Test {
protected:
    /// The chain of a config that fits the data.
    Pipeline built(const std::string& text, const io::ScanSettings& scan = {}) const {
        const Parsed parsed = parseConfig(text, folder_ / "p.toml");
        const Built result = buildPipeline(parsed, raw_, scan);
        for (const Message& message : result.messages) ADD_FAILURE() << message.toString();
        return result.pipeline;
    }
    graph::Outcome run(const LazyArray& array) {
        return executor_.run({.array = array, .region = Region::whole(array.shape())});
    }
    double spacing(const LazyArray& array, const std::string& axis) const {
        return array.axes().at(findAxis(array.axes(), axis).value()).spacing;
    }

    testing::TemporaryFolder folder_;
    std::shared_ptr<testing::BlockSource> source_ = recordingOf(recordingAxes());
    LazyArray raw_ = LazyArray::fromSource(source_);
    graph::Executor executor_{{.memoryLimit = 64U << 20U, .threads = 2}};
};

TEST_F(BuildPipeline, MakesAStageOfEachStepAndReadsNothing) {
    const Pipeline pipeline = built("[[step]]\nop = \"deskew\"\n[[step]]\nop = \"crop\"\nz = \"2:\"\ny = \"1:-1\"\n");
    ASSERT_EQ(pipeline.stages.size(), 2U);
    EXPECT_EQ(pipeline.stages[1].step, 1U);
    EXPECT_EQ(pipeline.result().shape(), (Shape{3, 2, 5, 8, pipeline.stages[0].array.shape()[4]}));
    EXPECT_TRUE(source_->reads.empty());
}

TEST_F(BuildPipeline, OfNoStepsIsTheRawData) {
    const Pipeline pipeline = built("");
    EXPECT_EQ(pipeline.result().fingerprint(), raw_.fingerprint());
    EXPECT_EQ(pipeline.result().axes(), raw_.axes());
}

TEST_F(BuildPipeline, ListsTheComputationsThatAStepAdds) {
    const Pipeline pipeline = built(R"(
[[step]]
op = "deskew"
[[step]]
op = "crop"
z = "2:"
[[step]]
op = "rescale"
channels = ["560 nm"]
gain = 2
[[step]]
op = "background"
percentile = 50
)");
    EXPECT_EQ(pipeline.stages[0].computations, (std::vector{pipeline.stages[0].array.fingerprint()}));
    EXPECT_TRUE(pipeline.stages[1].computations.empty());
    EXPECT_EQ(pipeline.stages[2].computations.size(), 1U);
    EXPECT_EQ(pipeline.stages[3].computations.size(), 2U); // the percentile itself, and taking it off
    EXPECT_EQ(pipeline.stages[3].computations.back(), pipeline.stages[3].array.fingerprint());
}

TEST_F(BuildPipeline, LeavesOutStepsThatAreSwitchedOff) {
    const Pipeline pipeline =
        built("[[step]]\nop = \"deskew\"\nenabled = false\n[[step]]\nop = \"crop\"\nx = \"1:\"\n");
    EXPECT_EQ(pipeline.stages[0].array.fingerprint(), raw_.fingerprint());
    EXPECT_TRUE(pipeline.stages[0].computations.empty());
    EXPECT_EQ(pipeline.result().shape(), (Shape{3, 2, 7, 10, 11}));
}

TEST_F(BuildPipeline, TakesWhatTheConfigLeavesOutFromTheData) {
    io::ScanSettings scan;
    scan.angleDegrees = 40;
    scan.stageStep = 9; // of no account: the data say it
    const std::string text = "[[step]]\nop = \"deskew\"\n";
    const double sine = std::sin(40 * std::numbers::pi / 180);
    const Pipeline pipeline = built(text, scan);
    EXPECT_NEAR(spacing(pipeline.result(), "z"), 0.4 * sine, 1e-12);
    EXPECT_EQ(pipeline.stages[0].note, "angle 40 degrees, stage step 0.4 um, pixel 0.1 um");
    EXPECT_EQ(pipeline.result().fingerprint(),
              ops::deskew(raw_, {.angle = 40, .stageStep = 0.4, .pixel = 0.1}).fingerprint());

    EXPECT_EQ(built(text).stages[0].note, "angle 31.5 degrees, stage step 0.4 um, pixel 0.1 um");
    EXPECT_EQ(built(text + "angle = -20\nstage-step = 0.5\npixel = 0.2\n", scan).stages[0].note,
              "angle -20 degrees, stage step 0.5 um, pixel 0.2 um");

    Axes axes = recordingAxes();
    axes[2].unit.clear();
    raw_ = raw_.withAxes(axes);
    EXPECT_EQ(built(text, scan).stages[0].note, "angle 40 degrees, stage step 9 um, pixel 0.1 um");
}

TEST_F(BuildPipeline, DeskewsAndRotatesInOneInterpolation) {
    const std::string deskew = "[[step]]\nop = \"deskew\"\nangle = 30\npad = 7\n";
    const Pipeline pipeline = built(deskew + "[[step]]\nop = \"rotate\"\n");
    const ops::DeskewOptions options{.angle = 30, .stageStep = 0.4, .pixel = 0.1, .pad = 7};
    EXPECT_EQ(pipeline.stages[0].array.fingerprint(), ops::deskew(raw_, options).fingerprint());
    EXPECT_EQ(pipeline.result().fingerprint(), ops::deskewRotate(raw_, options).fingerprint());
    EXPECT_EQ(pipeline.stages[1].computations, (std::vector{pipeline.result().fingerprint()}));
    EXPECT_EQ(pipeline.stages[1].note, "deskew and rotation in one interpolation of the raw stack");

    // A step that is switched off does not stand between them; another angle or a step does.
    const std::string bleach = "[[step]]\nop = \"bleach\"\nenabled = ";
    EXPECT_EQ(built(deskew + bleach + "false\n[[step]]\nop = \"rotate\"\n").result().fingerprint(),
              pipeline.result().fingerprint());
    EXPECT_EQ(built(deskew + "[[step]]\nop = \"rotate\"\nangle = 20\n").result().fingerprint(),
              ops::rotate(ops::deskew(raw_, options), 20).fingerprint());
    EXPECT_EQ(built(deskew + bleach + "true\n[[step]]\nop = \"rotate\"\n").result().fingerprint(),
              ops::rotate(ops::bleachCorrection(ops::deskew(raw_, options)), 30).fingerprint());
    // Which takes angle and axis of the deskew all the same.
    const std::string along = "[[step]]\nop = \"deskew\"\naxis = \"y\"\nangle = 30\n";
    const ops::DeskewOptions alongY{.angle = 30, .stageStep = 0.4, .pixel = 0.1, .axis = "y"};
    EXPECT_EQ(built(along + bleach + "true\n[[step]]\nop = \"rotate\"\n").result().fingerprint(),
              ops::rotate(ops::bleachCorrection(ops::deskew(raw_, alongY)), 30, "y").fingerprint());
    EXPECT_EQ(built("[[step]]\nop = \"deskew-rotate\"\nangle = 30\npad = 7\n").result().fingerprint(),
              pipeline.result().fingerprint());
}

TEST_F(BuildPipeline, AppliesAStepToTheChannelsThatItNames) {
    const LazyArray result =
        built("[[step]]\nop = \"rescale\"\ngain = 2\ndtype = \"float32\"\nchannels = [\"560\"]\n").result();
    const graph::Outcome outcome = run(result);
    ASSERT_TRUE(outcome.block.ok());
    for (const std::int64_t c : {0, 1}) {
        const std::vector<std::int64_t> at{1, c, 3, 4, 5};
        EXPECT_EQ(outcome.block->valueAt(at), source_->values().valueAt(at) * (c == 1 ? 2 : 1));
    }
}

TEST_F(BuildPipeline, TakesParametersOfAChannelFromATable) {
    const LazyArray result = built(
                                 "[[step]]\nop = \"rescale\"\ngain = { ch0 = 2, 560 = 3 }\noffset = { \"488 nm\" = 5 "
                                 "}\ndtype = \"float64\"\n")
                                 .result();
    const graph::Outcome outcome = run(result);
    ASSERT_TRUE(outcome.block.ok());
    for (const std::int64_t c : {0, 1}) {
        const std::vector<std::int64_t> at{2, c, 6, 9, 0};
        EXPECT_EQ(outcome.block->valueAt(at), source_->values().valueAt(at) * (c == 1 ? 3 : 2) + (c == 1 ? 0 : 5));
    }
}

TEST_F(BuildPipeline, SplitsAndMergesAxesWithTheirSpacings) {
    const Pipeline pipeline = built(R"(
[[step]]
op = "split-axis"
axis = "t"
into = ["t", "p"]
size = 3
[[step]]
op = "merge-axis"
axes = ["c", "p"]
into = "cp"
[[step]]
op = "transpose"
order = ["z", "y", "x", "cp", "t"]
[[step]]
op = "select"
t = -1
cp = 0
)");
    EXPECT_EQ(pipeline.stages[0].array.axes()[0], (Axis{"t", 1, 7.5, "s", {}}));
    EXPECT_EQ(pipeline.stages[0].array.axes()[1], (Axis{"p", 3, 1, "", {}}));
    EXPECT_EQ(pipeline.stages[2].array.shape(), (Shape{7, 10, 12, 6, 1}));
    EXPECT_EQ(pipeline.result().shape(), (Shape{7, 10, 12}));
}

TEST_F(BuildPipeline, ReadsAPsfBesideTheConfigAndSaysWhatBecameOfIt) {
    folder_.write("psf/none.txt", "");
    writePsf(folder_ / "psf/psf.tif", 0.2);
    const Pipeline pipeline =
        built("[[step]]\nop = \"deconvolve\"\npsf = \"psf/psf.tif\"\nbackground = 3\niterations = 2\nchannels = [0]\n");
    EXPECT_EQ(pipeline.sources, (std::vector<std::string>{folder_ / "psf/psf.tif"}));
    EXPECT_NE(pipeline.stages[0].note.find("resampled from voxels of 0.2 x 0.2 x 0.2 um to 0.4 x 0.1 x 0.1 um"),
              std::string::npos)
        << pipeline.stages[0].note;
    EXPECT_EQ(pipeline.result().dtype(), DType::Float32);
    EXPECT_TRUE(source_->reads.empty());
    const Pipeline given = built(
        "[[step]]\nop = \"deconvolve\"\npsf = \"psf/psf.tif\"\nbackground = 3\niterations = 2\npsf-voxel = [0.4, 0.1, "
        "0.1]\n");
    EXPECT_EQ(given.stages[0].note.find("resampled"), std::string::npos) << given.stages[0].note;
}

TEST_F(BuildPipeline, TakesAPlaneOfFloatsForAnOtf) {
    const auto real = [](const auto& at) { return at[0] + at[1] == 0 ? 1.0 : at[1] % 2 == 0 ? 0.1 : 0.0; };
    writeStack(folder_ / "otf.tif", DType::Float32, {9, 10}, real, 0);
    const Pipeline pipeline =
        built("[[step]]\nop = \"deconvolve\"\npsf = \"otf.tif\"\npsf-voxel = 0.1\nbackground = 0\niterations = 1\n");
    EXPECT_EQ(pipeline.result().shape(), raw_.shape());
}

TEST_F(BuildPipeline, TakesPathsAndTablesOfShifts) {
    folder_.write("shifts.csv", "# by hand\nt; z_um; y_um; x_um\n0; 0; 0; 0\n1; 0.4; -0.1; 0.2\n\n2; 0,8; 0; 0\n");
    const Parsed wrong = parseConfig("[[step]]\nop = \"drift\"\nshifts = \"shifts.csv\"\n", folder_ / "p.toml");
    EXPECT_EQ(buildPipeline(wrong, raw_, {}).messages.at(0).text,
              "`shifts`: " + folder_ / "shifts.csv" + ": line 6: 5 numbers instead of 4 (z, y, x in um)");
    folder_.write("shifts.csv", "# by hand\nt; z_um; y_um; x_um\n0; 0; 0; 0\n1; 0.4; -0.1; 0.2\n\n2; 0.8; 0; 0\n");
    const std::string list = "[[step]]\nop = \"drift\"\nshifts = [[0, 0, 0], [0.4, -0.1, 0.2], [0.8, 0, 0]]\n";
    EXPECT_EQ(built("[[step]]\nop = \"drift\"\nshifts = \"shifts.csv\"\n").result().fingerprint(),
              built(list).result().fingerprint());
}

TEST_F(BuildPipeline, ShowsTheResultUnderTheScaleOfTheView) {
    const LazyArray result = built("[[step]]\nop = \"bleach\"\n[view]\nscale = { z = 3, x = 2 }\n").result();
    EXPECT_EQ(result.axes()[2], (Axis{"z", 7, 3, "", {}}));
    EXPECT_EQ(result.axes()[3], (Axis{"y", 10, 1, "", {}}));
    EXPECT_EQ(result.axes()[4], (Axis{"x", 12, 2, "", {}}));
    EXPECT_EQ(result.axes()[0], raw_.axes()[0]);
}

TEST_F(BuildPipeline, OfGeometryAloneShowsRawValuesAtTheSamePlace) {
    const Config config = parseConfig(R"(
[[step]]
op = "background"
value = 5
[[step]]
op = "deskew"
[[step]]
op = "smooth"
sigma = 1
[[step]]
op = "math"
expression = "ch0 + ch1"
[[step]]
op = "crop"
x = "3:"
)",
                                      "p.toml")
                              .config;
    const Built processed = buildPipeline(config, raw_, {});
    const Built raw = buildPipeline(geometryOnly(config), raw_, {});
    ASSERT_TRUE(processed.ok() && raw.ok());
    EXPECT_EQ(raw.pipeline.result().axes(), processed.pipeline.result().axes());
    EXPECT_NE(raw.pipeline.result().fingerprint(), processed.pipeline.result().fingerprint());
}

TEST_F(BuildPipeline, AnEditComputesThatStepAndThoseBehindItAndReadsNothing) {
    writePsf(folder_ / "psf.tif");
    const auto text = [](int iterations, double gain, bool enabled) {
        return "[[step]]\nop = \"deskew\"\n[[step]]\nop = \"deconvolve\"\npsf = \"psf.tif\"\nbackground = "
               "0\niterations = " +
               std::to_string(iterations) + "\n[[step]]\nop = \"rescale\"\ngain = " + std::to_string(gain) +
               "\nenabled = " + (enabled ? "true" : "false") + "\n";
    };
    const auto costs = [&](const std::string& config) {
        const LazyArray array = built(config).result();
        Region plane = Region::whole(array.shape());
        for (std::size_t axis = 0; axis < 3; ++axis) plane[axis] = {1, 2};
        const graph::Outcome outcome = executor_.run({.array = array, .region = plane});
        EXPECT_TRUE(outcome.block.ok());
        return outcome.costs;
    };
    const graph::Costs first = costs(text(3, 2, true));
    EXPECT_EQ(first.reads.pagesRead, 7);
    EXPECT_EQ(first.blocksComputed, 3);

    const graph::Costs lastStep = costs(text(3, 4, true)); // the deconvolved volume is found
    EXPECT_EQ(lastStep.reads.pagesRead, 0);
    EXPECT_EQ(lastStep.blocksComputed, 1);
    EXPECT_EQ(lastStep.cacheHits, 1);

    const graph::Costs middleStep = costs(text(5, 4, true)); // the raw planes are found
    EXPECT_EQ(middleStep.reads.pagesRead, 0);
    EXPECT_GE(middleStep.blocksComputed, 2);

    const graph::Costs off = costs(text(5, 4, false));
    EXPECT_EQ(off.reads.pagesRead, 0);
    EXPECT_EQ(off.blocksComputed, 0);

    const graph::Costs back = costs(text(3, 2, true)); // all of it was made before
    EXPECT_EQ(back.reads.pagesRead, 0);
    EXPECT_EQ(back.blocksComputed, 0);
    EXPECT_EQ(back.cacheHits, 1);
}

} // namespace
} // namespace lazulite::pipeline
