// Planes of which the recording holds reduced copies: what is read of them, and what is shown.
#include <gtest/gtest.h>

#include <chrono>

#include "lazulite/view/viewer.h"
#include "screen.h"
#include "scripted_source.h"

namespace lazulite::view {
namespace {

using namespace std::chrono_literals;
using graph::Executor;
using graph::LazyArray;
using testing::Screen;
using testing::ScriptedSource;

constexpr auto kNever = std::chrono::milliseconds(3600 * 1000);

Axes sized(std::int64_t rows, std::int64_t columns, std::int64_t depth = 5) {
    return {{"t", 4, 1, "s", {}}, {"z", depth, 1, "um", {}}, {"y", rows, 1, "um", {}}, {"x", columns, 1, "um", {}}};
}

/// A recording of 64 x 80 with copies of 32 x 40 and 16 x 20. A value tells the copy, z, row and column.
class PyramidTest : public ::testing::Test {
protected:
    static std::shared_ptr<ScriptedSource> source(int copy, const Axes& axes) {
        const auto value = [copy](const std::vector<std::int64_t>& p) {
            return static_cast<double>(10000 * copy + 1000 * p[1] + 10 * p[2] + p[3]);
        };
        return std::make_shared<ScriptedSource>(axes, DType::UInt16, value, "copy " + std::to_string(copy));
    }

    void open(int width, int height, std::uint64_t memory = 64 << 20) {
        executor = std::make_unique<Executor>(graph::ExecutorOptions{.memoryLimit = memory, .threads = 2});
        viewer = std::make_unique<Viewer>(*executor, screen.listener(), ViewerPace{kNever, kNever, 0ms});
        viewer->setPrefetch(false);
        viewer->setCanvas(width, height);
        state = ViewState::startFor(whole->axes());
        state.position = {0, 2, 32, 40};
        state.channels[0].limits = {0, 30000};
        state.channels[0].provisional = false;
        viewer->show(LazyArray::fromSource(whole), state,
                     {LazyArray::fromSource(half), LazyArray::fromSource(quarter)});
    }
    void look(double zoom) {
        state.camera2d = {31.5, 39.5, zoom, false};
        viewer->setState(state);
    }
    std::shared_ptr<const Picture> await(double step) {
        return screen.await([&](const Picture& p) {
            return !p.stale && p.step[0] == step && p.state.camera2d.zoom == viewer->state().camera2d.zoom;
        });
    }

    std::shared_ptr<ScriptedSource> whole = source(0, sized(64, 80));
    std::shared_ptr<ScriptedSource> half = source(1, sized(32, 40));
    std::shared_ptr<ScriptedSource> quarter = source(2, sized(16, 20));
    std::unique_ptr<Executor> executor;
    Screen screen;
    ViewState state;
    std::unique_ptr<Viewer> viewer;
};

TEST_F(PyramidTest, AnOverviewReadsTheSmallCopyOnly) {
    open(20, 16);
    const auto picture = screen.await([](const Picture& p) { return !p.stale; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->step, (std::array<double, 2>{4, 4}));
    EXPECT_EQ(picture->planeSize, (std::array<std::int64_t, 2>{64, 80})) << "positions remain those of the plane";
    EXPECT_EQ(picture->costs.reads.pagesRead, 1);
    EXPECT_EQ(quarter->begun().size(), 1U);
    EXPECT_TRUE(half->begun().empty());
    EXPECT_TRUE(whole->begun().empty());
}

TEST_F(PyramidTest, EveryCanvasPixelShowsThePixelOfTheCopyThatLiesThere) {
    open(20, 16);
    look(0.5);
    viewer->setCanvas(80, 64); // 40 x 32 canvas pixels in the middle, one for each of the copy of half the size
    const auto picture = screen.await([](const Picture& p) { return p.step[0] == 2 && p.width == 80; });
    ASSERT_TRUE(picture);
    const auto gray = [&](int x, int y) { return picture->rgba.get()[(y * 80 + x) * 4]; };
    const auto expected = [](int row, int column) { return (10000 + 2000 + 10 * row + column) * 255.0 / 30000; };
    EXPECT_EQ(gray(19, 20), 0);
    EXPECT_NEAR(gray(20, 16), expected(0, 0), 1);
    EXPECT_NEAR(gray(59, 47), expected(31, 39), 1);
    EXPECT_NEAR(gray(30, 40), expected(24, 10), 1);
    EXPECT_EQ(valuesAt(*picture, {48, 20})[0], 12000 + 10 * 24 + 10);
    EXPECT_EQ(valuesAt(*picture, {49, 21})[0], 12000 + 10 * 24 + 10) << "the same pixel of the copy";
    EXPECT_EQ(valuesAt(*picture, {63, 79})[0], 12000 + 10 * 31 + 39);
    EXPECT_FALSE(valuesAt(*picture, {64, 0})[0]);
}

TEST_F(PyramidTest, ComingCloserReadsTheFinerCopyAndGoingBackReadsNothing) {
    open(20, 16);
    ASSERT_TRUE(screen.await([](const Picture& p) { return !p.stale; }));
    look(0.5);
    ASSERT_TRUE(await(2));
    look(1);
    const auto close = await(1);
    ASSERT_TRUE(close);
    EXPECT_EQ(valuesAt(*close, {31, 7})[0], 2000 + 317);
    look(0.3);
    ASSERT_TRUE(await(1)) << "what is there already is finer than it has to be";
    EXPECT_EQ(whole->begun().size(), 1U);
    EXPECT_EQ(half->begun().size(), 1U);
    EXPECT_EQ(quarter->begun().size(), 1U);
    state.position[0] = 3;
    viewer->setState(state);
    ASSERT_TRUE(screen.await([](const Picture& p) { return p.state.position[0] == 3 && p.step[0] == 2; }))
        << "the next position is read as small as this zoom shows it";
}

TEST_F(PyramidTest, ALargerCanvasReadsAFinerCopy) {
    open(20, 16);
    ASSERT_TRUE(screen.await([](const Picture& p) { return p.step[0] == 4; }));
    viewer->setCanvas(80, 64);
    ASSERT_TRUE(screen.await([](const Picture& p) { return p.step[0] == 1 && p.width == 80; }));
    EXPECT_TRUE(half->begun().empty());
}

TEST_F(PyramidTest, AnotherPlaneIsReadOfTheRecordingItself) {
    open(20, 16);
    ASSERT_TRUE(screen.await([](const Picture& p) { return p.step[0] == 4; }));
    roll(state, whole->axes());
    viewer->setState(state);
    const auto picture = screen.await([](const Picture& p) { return p.planeSize[0] == 5; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->step, (std::array<double, 2>{1, 1})) << "a copy's pixels hold neighbours of this plane";
}

TEST_F(PyramidTest, ACopyThatIsSmallerAlongTheDepthIsNotThePlane) {
    quarter = source(2, sized(16, 20, 3));
    open(20, 16);
    ASSERT_TRUE(screen.await([](const Picture& p) { return p.step[0] == 2; }));
    EXPECT_TRUE(quarter->begun().empty());
}

TEST_F(PyramidTest, APlaneThatDoesNotFitTheMemoryIsShownByACopyThatDoes) {
    open(80, 64, 16 << 10);
    const auto picture = screen.await([](const Picture& p) { return !p.stale; });
    ASSERT_TRUE(picture);
    ASSERT_TRUE(picture->slices[0].block);
    EXPECT_GT(picture->step[0], 1);
    EXPECT_TRUE(whole->begun().empty());
    EXPECT_TRUE(viewer->problems().empty());
}

TEST_F(PyramidTest, LimitsAreEstimatedFromTheCopies) {
    executor = std::make_unique<Executor>(graph::ExecutorOptions{.memoryLimit = 64 << 20, .threads = 2});
    viewer = std::make_unique<Viewer>(*executor, screen.listener(), ViewerPace{kNever, kNever, 0ms});
    viewer->setCanvas(20, 16);
    viewer->show(LazyArray::fromSource(whole), ViewState::startFor(whole->axes()),
                 {LazyArray::fromSource(half), LazyArray::fromSource(quarter)});
    ASSERT_TRUE(screen.awaitRefined(2)) << "from the first slice, then from samples";
    EXPECT_TRUE(whole->begun().empty());
}

} // namespace
} // namespace lazulite::view
