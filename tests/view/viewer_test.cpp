#include "lazulite/view/viewer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>

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

/// (t, c, z, y, x); a value tells its t, c and z.
Axes recording() {
    return {{"t", 30, 1, "s", {}},
            {"c", 2, 1, "", {}},
            {"z", 30, 1, "um", {}},
            {"y", 8, 1, "um", {}},
            {"x", 10, 1, "um", {}}};
}

double valueOf(const std::vector<std::int64_t>& p) {
    return static_cast<double>(1000 * p[0] + 500 * p[1] + 10 * p[2] + p[4]);
}

class ViewerTest : public ::testing::Test {
protected:
    /// A viewer of the recording whose limits are set, so that nothing is read but what is shown.
    void open(ViewerPace pace, std::size_t visibleChannels = 1) {
        viewer = std::make_unique<Viewer>(executor, screen.listener(), pace);
        viewer->setCanvas(20, 16);
        state = ViewState::startFor(source->axes());
        for (std::size_t i = 0; i < state.channels.size(); ++i) {
            state.channels[i].limits = {0, 30000};
            state.channels[i].provisional = false;
            state.channels[i].visible = i < visibleChannels;
        }
        goTo(0);
        viewer->show(LazyArray::fromSource(source), state);
    }
    /// Both t and z move, which is no motion of one slider: nothing is prefetched.
    void goTo(std::int64_t step) {
        state.position[0] = step;
        state.position[2] = step;
    }
    void step(std::int64_t to) {
        goTo(to);
        viewer->setState(state);
    }
    static auto at(std::int64_t step) {
        return [step](const Picture& picture) {
            return picture.state.position[0] == step && picture.state.position[2] == step;
        };
    }

    std::shared_ptr<ScriptedSource> source = std::make_shared<ScriptedSource>(recording(), DType::UInt16, valueOf);
    Executor executor{{.memoryLimit = 64 << 20, .threads = 2}};
    Screen screen;
    ViewState state;
    std::unique_ptr<Viewer> viewer;
};

const ViewerPace kPatient{.partial = kNever, .grace = kNever, .rest = 0ms};

TEST_F(ViewerTest, ShowsThePlaneOfEveryVisibleChannel) {
    open(kPatient, 2);
    const auto picture = screen.await(at(0));
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->width, 20);
    EXPECT_EQ(picture->height, 16);
    EXPECT_EQ(picture->planeSize, (std::array<std::int64_t, 2>{8, 10}));
    ASSERT_EQ(picture->slices.size(), 2U);
    EXPECT_EQ(picture->slices[0].block.valueAt({3, 7}), 7);
    EXPECT_EQ(picture->slices[1].block.valueAt({3, 7}), 507);
    EXPECT_FALSE(picture->stale);
    EXPECT_EQ(picture->costs.reads.pagesRead, 2);
    EXPECT_TRUE(picture->slices[0].histogram);
    EXPECT_EQ(viewer->picture(), picture);
}

TEST_F(ViewerTest, HasAtMostOneRunningAndOnePendingRequestWhileASliderIsDragged) {
    source->hold([](const Region&) { return true; });
    open(kPatient);
    source->awaitBegun(1);
    for (std::int64_t i = 1; i < 25; ++i) step(i);
    source->hold([](const Region& region) { return region[0].begin == 24; });
    // What was under way is shown on the way, marked as not what is asked for, and what came between is not read.
    const auto older = screen.await(at(0));
    ASSERT_TRUE(older);
    EXPECT_TRUE(older->stale);
    source->hold({});
    const auto newest = screen.await(at(24));
    ASSERT_TRUE(newest);
    EXPECT_FALSE(newest->stale);
    EXPECT_EQ(source->begun().size(), 2U);
    EXPECT_EQ(screen.pictures().size(), 2U);
}

TEST_F(ViewerTest, CancelsAReadThatANewerPositionMadeStale) {
    source->hold([](const Region& region) { return region[0].begin == 0; });
    open({.partial = kNever, .grace = 0ms, .rest = 0ms});
    source->awaitBegun(1);
    step(1); // the first read is never let go: only its being cancelled lets the second begin
    ASSERT_TRUE(screen.await(at(1)));
    EXPECT_EQ(screen.pictures().size(), 1U);
    EXPECT_EQ(executor.ledger().totals().cancelled, 1);
    EXPECT_TRUE(viewer->problems().empty());
}

TEST_F(ViewerTest, WastesOneReadHoweverManyStepsADragTakes) {
    source->hold([](const Region& region) { return region[0].begin != 24; });
    open({.partial = kNever, .grace = 0ms, .rest = 1000ms});
    source->awaitBegun(1);
    for (std::int64_t i = 1; i < 25; ++i) step(i);
    ASSERT_TRUE(screen.await(at(24)));
    EXPECT_EQ(source->begun().size(), 2U);
}

TEST_F(ViewerTest, LeavesAReadBehindThatDoesNotEndWhenItIsCancelled) {
    std::latch answers(1);
    std::atomic<int> hanging = 0;
    source->fails = [&](const Region& region) -> std::optional<Error> {
        if (region[0].begin > 1) return std::nullopt;
        ++hanging;
        hanging.notify_all();
        answers.wait(); // a disk that does not answer hears of no cancelling
        return std::nullopt;
    };
    open({.partial = kNever, .grace = 0ms, .rest = 0ms});
    hanging.wait(0);
    step(1);
    hanging.wait(1);
    step(2);
    EXPECT_TRUE(screen.await(at(2)));
    answers.count_down();
    step(0);
    EXPECT_TRUE(screen.await(at(0))) << "read again now that the disk answers";
    EXPECT_TRUE(viewer->problems().empty());
}

TEST_F(ViewerTest, GoesOnWithARunningReadWhenTheSliderComesBackToIt) {
    source->hold([](const Region&) { return true; });
    open(kPatient);
    source->awaitBegun(1);
    step(5);
    step(0);
    source->hold({});
    const auto picture = screen.await(at(0));
    ASSERT_TRUE(picture);
    EXPECT_FALSE(picture->stale);
    EXPECT_EQ(source->begun().size(), 1U);
}

TEST_F(ViewerTest, ChangesOfColoursAndCameraReadNothing) {
    open(kPatient);
    ASSERT_TRUE(screen.await(at(0)));
    const auto requests = executor.ledger().requests();
    state.channels[0].limits = {0, 9};
    state.channels[0].colormap = "gray";
    state.camera2d = {4, 5, 1, false};
    viewer->setState(state);
    const auto picture = screen.await([](const Picture& p) { return p.state.channels[0].limits[1] == 9; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(executor.ledger().requests(), requests);
    EXPECT_EQ(picture->costs.reads.pagesRead, 0);
    // Column 9 is white now: at the camera's zoom of 1 it ends 4 to the right of the middle.
    EXPECT_EQ(picture->rgba.get()[(8 * 20 + 13) * 4], 255);
}

TEST_F(ViewerTest, ABrokenChannelDoesNotStopTheOthers) {
    source->fails = [](const Region& region) -> std::optional<Error> {
        if (region[1].begin == 0) return std::nullopt;
        return Error{Error::Kind::Corrupt, "cut short", "/data/b.tif", 3};
    };
    open(kPatient, 2);
    const auto picture = screen.await(at(0));
    ASSERT_TRUE(picture);
    EXPECT_TRUE(picture->slices[0].block);
    EXPECT_FALSE(picture->slices[1].block);
    ASSERT_TRUE(picture->slices[1].error);
    EXPECT_EQ(picture->slices[1].error->path, "/data/b.tif");
}

TEST_F(ViewerTest, CollectsEachProblemOnceByItsPosition) {
    source->fails = [](const Region& region) -> std::optional<Error> {
        if (region[0].begin < 2) return Error{Error::Kind::Missing, "no file", {}, {}};
        return std::nullopt;
    };
    open(kPatient);
    ASSERT_TRUE(screen.await(at(0)));
    step(1);
    ASSERT_TRUE(screen.await(at(1)));
    step(2);
    ASSERT_TRUE(screen.await(at(2)));
    const auto seen = screen.pictures().size();
    step(0);
    ASSERT_TRUE(screen.awaitPictures(seen + 1));
    const auto problems = viewer->problems();
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(problems[0].position, (std::vector<std::int64_t>{0, 0, 0, 0, 0}));
    EXPECT_EQ(problems[0].error.kind, Error::Kind::Missing);
    EXPECT_EQ(problems[1].position, (std::vector<std::int64_t>{1, 0, 1, 0, 0}));
    EXPECT_EQ(screen.problemChanges(), 2);
}

TEST_F(ViewerTest, RetryReadsAgainAndForgetsWhatIsMended) {
    std::atomic<bool> broken = true;
    source->fails = [&](const Region&) -> std::optional<Error> {
        if (broken) return Error{Error::Kind::Unreadable, "locked", {}, {}};
        return std::nullopt;
    };
    open(kPatient);
    ASSERT_TRUE(screen.await([](const Picture& p) { return p.slices[0].error.has_value(); }));
    broken = false;
    viewer->retry();
    ASSERT_TRUE(screen.await([](const Picture& p) { return static_cast<bool>(p.slices[0].block); }));
    EXPECT_TRUE(viewer->problems().empty());
}

TEST_F(ViewerTest, ShowsTheChannelsThatAnsweredWhenOneIsLate) {
    source->hold([](const Region& region) { return region[1].begin == 1; });
    open({.partial = 0ms, .grace = kNever, .rest = 0ms}, 2);
    const auto first = screen.await(at(0));
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->slices[0].block);
    EXPECT_FALSE(first->slices[1].block);
    EXPECT_FALSE(first->slices[1].error);
    EXPECT_TRUE(viewer->busyForMs());
    source->hold({});
    ASSERT_TRUE(screen.await([](const Picture& p) { return static_cast<bool>(p.slices[1].block); }));
    EXPECT_FALSE(viewer->busyForMs());
}

TEST_F(ViewerTest, DoesNotReadHiddenChannelsUntilTheyAreShown) {
    open(kPatient);
    ASSERT_TRUE(screen.await(at(0)));
    EXPECT_EQ(source->begun().size(), 1U);
    state.channels[1].visible = true;
    viewer->setState(state);
    ASSERT_TRUE(screen.await([](const Picture& p) { return static_cast<bool>(p.slices[1].block); }));
    EXPECT_EQ(source->begun().size(), 2U);
}

TEST_F(ViewerTest, KeepsThePictureUpWhileTheNextPlaneLoads) {
    open(kPatient);
    const auto first = screen.await(at(0));
    ASSERT_TRUE(first);
    source->hold([](const Region&) { return true; });
    step(7);
    source->awaitBegun(2);
    EXPECT_EQ(viewer->picture(), first);
    EXPECT_TRUE(viewer->busyForMs());
    // Limits may change meanwhile: the old plane follows, marked as old.
    state.channels[0].limits = {0, 77};
    viewer->setState(state);
    const auto stale = screen.await([](const Picture& p) { return p.state.channels[0].limits[1] == 77; });
    ASSERT_TRUE(stale);
    EXPECT_TRUE(stale->stale);
    EXPECT_TRUE(at(0)(*stale));
    source->hold({});
    ASSERT_TRUE(screen.await(at(7)));
}

TEST_F(ViewerTest, GoesAwayWhileReadsAreUnderWay) {
    source->hold([](const Region&) { return true; });
    open(kPatient, 2);
    source->awaitBegun(2);
    viewer.reset();
    source->hold({});
    EXPECT_TRUE(screen.pictures().empty());
}

TEST_F(ViewerTest, AnotherArrayTakesThePlaceOfTheFirst) {
    open(kPatient);
    ASSERT_TRUE(screen.await(at(0)));
    const auto flat = std::make_shared<ScriptedSource>(Axes{{"y", 3, 1, "", {}}, {"x", 5, 1, "", {}}}, DType::UInt8,
                                                       [](const auto&) { return 9.0; });
    viewer->show(LazyArray::fromSource(flat), ViewState::startFor(flat->axes()));
    const auto picture = screen.await([](const Picture& p) { return p.planeSize[1] == 5; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->slices.at(0).block.valueAt({2, 4}), 9);
    viewer->show({}, {});
    EXPECT_FALSE(viewer->picture());
    EXPECT_FALSE(viewer->busyForMs());
}

TEST_F(ViewerTest, ShowsOtherPlanesWhenTheAxesRoll) {
    open(kPatient);
    ASSERT_TRUE(screen.await(at(0)));
    roll(state, source->axes());
    viewer->setState(state);
    const auto picture = screen.await([](const Picture& p) { return p.planeSize[0] == 30; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->planeSize, (std::array<std::int64_t, 2>{30, 8})); // z, y
    EXPECT_EQ(picture->slices[0].block.valueAt({29, 2}), 290 + 5);       // x is in its middle
}

TEST_F(ViewerTest, ShowsTheGoodPartsOfAPlaneThatCutsThroughABadPage) {
    source->fails = [](const Region& region) -> std::optional<Error> {
        if (region[2].begin <= 4 && 4 < region[2].end) return Error{Error::Kind::Corrupt, "bad page", "f.tif", 4};
        return std::nullopt;
    };
    open(kPatient);
    ASSERT_TRUE(screen.await(at(0)));
    roll(state, source->axes());
    viewer->setState(state);
    const auto picture = screen.await([](const Picture& p) { return p.planeSize[0] == 30; });
    ASSERT_TRUE(picture);
    ASSERT_TRUE(picture->slices[0].block);
    EXPECT_EQ(picture->slices[0].block.valueAt({4, 2}), 0);
    EXPECT_EQ(picture->slices[0].block.valueAt({20, 2}), 205);
    ASSERT_TRUE(picture->slices[0].error);
    EXPECT_EQ(picture->slices[0].error->path, "f.tif");
    EXPECT_EQ(viewer->problems().size(), 1U);
}

TEST_F(ViewerTest, ShowsColourSamplesTogether) {
    const Axes axes{{"z", 4, 1, "", {}}, {"y", 2, 1, "", {}}, {"x", 2, 1, "", {}}, {"s", 3, 1, "", {}}};
    const auto photo =
        std::make_shared<ScriptedSource>(axes, DType::UInt8, [](const auto& p) { return 50.0 * (p[3] + 1); });
    viewer = std::make_unique<Viewer>(executor, screen.listener(), kPatient);
    viewer->setCanvas(2, 2);
    viewer->show(LazyArray::fromSource(photo), ViewState::startFor(axes));
    const auto picture = screen.await([](const Picture&) { return true; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->slices.at(0).block.region().rank(), 3U);
    EXPECT_EQ(picture->rgba.get()[0], 50);
    EXPECT_EQ(picture->rgba.get()[1], 100);
    EXPECT_EQ(picture->rgba.get()[2], 150);
    EXPECT_EQ(picture->rgba.get()[3], 255);
}

class ContrastTest : public ViewerTest {
protected:
    void openProvisional() {
        viewer = std::make_unique<Viewer>(executor, screen.listener(), kPatient);
        viewer->setCanvas(20, 16);
        state = ViewState::startFor(source->axes());
        state.channels[1].visible = false;
        viewer->show(LazyArray::fromSource(source), state);
    }
};

TEST_F(ContrastTest, TheFirstPictureAlreadyHasLimitsFromItsOwnValues) {
    openProvisional();
    ASSERT_TRUE(screen.awaitRefined(1));
    const auto first = screen.pictures().at(0);
    EXPECT_EQ(first->state.channels[0].limits, (std::array<double, 2>{15150, 15159})); // t 15, z 15, x 0 ... 9
    EXPECT_TRUE(first->state.channels[0].provisional);
}

TEST_F(ContrastTest, AFewPlanesElsewhereWidenTheLimitsAndNoMore) {
    openProvisional();
    ASSERT_TRUE(screen.awaitRefined(2));
    const auto limits = viewer->state().channels[0].limits;
    EXPECT_LT(limits[0], 6000);
    EXPECT_GT(limits[1], 24000);
    EXPECT_TRUE(viewer->state().channels[0].provisional);
    EXPECT_LE(source->begun().size(), 4U);
    EXPECT_TRUE(screen.await([&](const Picture& p) { return p.state.channels[0].limits == limits; }));
}

TEST_F(ContrastTest, LimitsThatAreProvisionalStayTheViewersOwn) {
    openProvisional();
    ASSERT_TRUE(screen.awaitRefined(2));
    const auto limits = viewer->state().channels[0].limits;
    state.channels[0].gamma = 0.5; // with the limits that the caller still has from the start
    viewer->setState(state);
    EXPECT_EQ(viewer->state().channels[0].limits, limits);
    EXPECT_EQ(viewer->state().channels[0].gamma, 0.5);
}

TEST_F(ContrastTest, LimitsThatWereSetAreNeverTouched) {
    source->hold([](const Region& region) { return region[0].begin != 15; });
    openProvisional();
    ASSERT_TRUE(screen.awaitRefined(1));
    source->awaitBegun(2); // a sample is being read
    state.channels[0].limits = {1, 2};
    state.channels[0].provisional = false;
    viewer->setState(state);
    source->hold({});
    step(3);
    ASSERT_TRUE(screen.await(at(3)));
    EXPECT_EQ(viewer->state().channels[0].limits, (std::array<double, 2>{1, 2}));
}

TEST_F(ContrastTest, AutoContrastTakesThePercentilesOfWhatIsShown) {
    openProvisional();
    ASSERT_TRUE(screen.awaitRefined(2));
    step(2);
    ASSERT_TRUE(screen.await(at(2)));
    viewer->autoContrast(0);
    EXPECT_EQ(viewer->state().channels[0].limits, (std::array<double, 2>{2020, 2029}));
    EXPECT_FALSE(viewer->state().channels[0].provisional);
    viewer->autoContrast(7); // there is no such channel
}

} // namespace
} // namespace lazulite::view
