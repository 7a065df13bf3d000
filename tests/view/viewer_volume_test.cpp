#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <numeric>

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

Axes recording(std::int64_t z, std::int64_t y, std::int64_t x) {
    return {{"t", 30, 1, "s", {}},
            {"c", 2, 1, "", {}},
            {"z", z, 2, "um", {}},
            {"y", y, 1, "um", {}},
            {"x", x, 1, "um", {}}};
}

double valueOf(const std::vector<std::int64_t>& p) {
    return static_cast<double>(1 + 1000 * p[0] + 500 * p[1] + 50 * p[2] + 10 * (p[3] % 4) + p[4] % 10);
}

class VolumeTest : public ::testing::Test {
protected:
    void open(const Axes& axes, std::size_t visible = 2, std::uint64_t memory = 256 << 20) {
        if (!source) source = std::make_shared<ScriptedSource>(axes, DType::UInt16, valueOf);
        executor = std::make_unique<Executor>(graph::ExecutorOptions{.memoryLimit = memory, .threads = 2});
        viewer = std::make_unique<Viewer>(*executor, screen.listener(),
                                          ViewerPace{.partial = 0ms, .grace = 0ms, .rest = 0ms});
        viewer->setCanvas(20, 16);
        state = ViewState::startFor(axes);
        for (std::size_t i = 0; i < state.channels.size(); ++i) {
            state.channels[i].limits = {0, 30000};
            state.channels[i].provisional = false;
            state.channels[i].visible = i < visible;
        }
        state.ndisplay = 3;
        state.position[0] = 0;
        viewer->show(LazyArray::fromSource(source), state);
    }

    static bool whole(const VolumePicture& volume) { return !volume.coarse; }
    static double voxel(const VolumePicture& volume, std::int64_t x, std::int64_t y, std::int64_t z,
                        std::size_t component) {
        const auto index = static_cast<std::size_t>((z * volume.size[1] + y) * volume.size[0] + x);
        std::uint16_t value = 0;
        std::memcpy(&value, volume.voxels.get() + 2 * (index * volume.channels.size() + component), 2);
        return value;
    }

    Screen screen;
    std::shared_ptr<ScriptedSource> source;
    std::unique_ptr<Executor> executor;
    ViewState state;
    std::unique_ptr<Viewer> viewer;
};

TEST_F(VolumeTest, InterleavesTheVisibleChannelsOfThePosition) {
    open(recording(5, 6, 7));
    const auto volume = screen.awaitVolume(whole);
    ASSERT_TRUE(volume);
    EXPECT_EQ(volume->size, (std::array<std::int64_t, 3>{7, 6, 5}));
    EXPECT_EQ(volume->spacing, (std::array<double, 3>{1, 1, 2}));
    EXPECT_EQ(volume->channels, (std::vector<int>{0, 1}));
    EXPECT_EQ(volume->dtype, DType::UInt16);
    for (std::int64_t z = 0; z < 5; ++z) {
        for (std::int64_t y = 0; y < 6; ++y) {
            for (std::int64_t x = 0; x < 7; ++x) {
                ASSERT_EQ(voxel(*volume, x, y, z, 0), valueOf({0, 0, z, y, x}));
                ASSERT_EQ(voxel(*volume, x, y, z, 1), valueOf({0, 1, z, y, x}));
            }
        }
    }
    EXPECT_EQ(volume->costs.reads.pagesRead, 10);
    EXPECT_EQ(screen.progress().back(), 1.0);
    EXPECT_TRUE(screen.pictures().empty());
}

TEST_F(VolumeTest, ShowsACoarsePictureOfAFewPlanesFirst) {
    const Axes axes = recording(72, 256, 256);
    open(axes, 1);
    const auto coarse = screen.awaitVolume([](const VolumePicture& volume) { return volume.coarse; });
    ASSERT_TRUE(coarse);
    EXPECT_EQ(coarse->size, (std::array<std::int64_t, 3>{256, 256, 12}));
    EXPECT_EQ(coarse->spacing[2], 12); // six planes of 2 um each
    EXPECT_EQ(voxel(*coarse, 3, 5, 2, 0), valueOf({0, 0, 2 * 6 + 3, 5, 3}));
    EXPECT_EQ(coarse->costs.reads.pagesRead, 12);
    const auto full = screen.awaitVolume(whole);
    ASSERT_TRUE(full);
    EXPECT_EQ(full->size, (std::array<std::int64_t, 3>{256, 256, 72}));
    EXPECT_EQ(voxel(*full, 200, 201, 71, 0), valueOf({0, 0, 71, 201, 200}));
    EXPECT_TRUE(screen.volumes().front()->coarse);
}

TEST_F(VolumeTest, ReducesByMaximumToTheTextureLimit) {
    const Axes axes = recording(4, 6, 25);
    source = std::make_shared<ScriptedSource>(axes, DType::UInt16, [](const std::vector<std::int64_t>& p) {
        return p[2] == 1 && p[3] == 2 && p[4] == 13 ? 999.0 : 5.0;
    });
    open(axes, 1);
    ASSERT_TRUE(screen.awaitVolume(whole));
    viewer->setTextureLimit(10);
    const auto volume = screen.awaitVolume([](const VolumePicture& v) { return v.size[0] == 9; });
    ASSERT_TRUE(volume);
    EXPECT_EQ(voxel(*volume, 13 / 3, 2, 1, 0), 999);
    EXPECT_EQ(voxel(*volume, 0, 0, 0, 0), 5);
    EXPECT_NE(volume->notice.find("reduced 3 x 1 x 1"), std::string::npos) << volume->notice;
}

TEST_F(VolumeTest, NeverNeedsTheWholeOfAVolumeThatDoesNotFit) {
    // 48 MB of voxels in a budget of 24 MB.
    open(recording(48, 1000, 500), 1, 24 << 20);
    const auto volume = screen.awaitVolume(whole);
    ASSERT_TRUE(volume);
    ASSERT_TRUE(volume->voxels);
    EXPECT_FALSE(volume->notice.empty());
    EXPECT_LE(executor->memory().usage().peak, std::uint64_t{24} << 20U);
    EXPECT_FALSE(volume->errors[0]);
}

TEST_F(VolumeTest, LeavesABadPlaneBlackAndSaysSo) {
    const Axes axes = recording(5, 6, 7);
    source = std::make_shared<ScriptedSource>(axes, DType::UInt16, valueOf);
    source->fails = [](const Region& region) -> std::optional<Error> {
        if (region[1].begin == 1 && region[2].begin <= 3 && 3 < region[2].end) {
            return Error{Error::Kind::Corrupt, "cut short", "/data/b.tif", 3};
        }
        return std::nullopt;
    };
    open(axes);
    const auto volume = screen.awaitVolume(whole);
    ASSERT_TRUE(volume);
    EXPECT_EQ(voxel(*volume, 2, 2, 3, 1), 0);
    EXPECT_EQ(voxel(*volume, 2, 2, 3, 0), valueOf({0, 0, 3, 2, 2}));
    EXPECT_EQ(voxel(*volume, 2, 2, 4, 1), valueOf({0, 1, 4, 2, 2}));
    EXPECT_FALSE(volume->errors[0]);
    ASSERT_TRUE(volume->errors[1]);
    EXPECT_EQ(volume->errors[1]->path, "/data/b.tif");
    ASSERT_EQ(viewer->problems().size(), 1U);
    EXPECT_EQ(viewer->problems()[0].position, (std::vector<std::int64_t>{0, 1, 0, 0, 0}));
}

TEST_F(VolumeTest, SteppingTimeIsLatestWins) {
    const Axes axes = recording(5, 6, 7);
    source = std::make_shared<ScriptedSource>(axes, DType::UInt16, valueOf);
    source->hold([](const Region& region) { return region[0].begin != 24; });
    open(axes, 1);
    source->awaitBegun(1);
    for (std::int64_t t = 1; t < 25; ++t) {
        state.position[0] = t;
        viewer->setState(state);
    }
    const auto volume = screen.awaitVolume([](const VolumePicture& v) { return v.state.position[0] == 24; });
    ASSERT_TRUE(volume);
    EXPECT_EQ(voxel(*volume, 1, 1, 1, 0), valueOf({24, 0, 1, 1, 1}));
    EXPECT_EQ(screen.volumes().size(), 1U);
}

TEST_F(VolumeTest, ColoursAndHidingLoadNothingButANewChannelDoes) {
    open(recording(5, 6, 7), 1);
    ASSERT_TRUE(screen.awaitVolume(whole));
    const auto requests = executor->ledger().requests();
    state.channels[0].limits = {5, 6};
    state.camera3d.zoom = 3;
    viewer->setState(state);
    EXPECT_EQ(executor->ledger().requests(), requests);
    EXPECT_FALSE(viewer->busyForMs());
    state.channels[1].visible = true;
    viewer->setState(state);
    ASSERT_TRUE(screen.awaitVolume([](const VolumePicture& v) { return v.channels.size() == 2; }));
    state.channels[0].visible = false;
    viewer->setState(state);
    EXPECT_FALSE(viewer->busyForMs());
}

TEST_F(VolumeTest, HasTheHistogramsOfItsChannels) {
    open(recording(5, 6, 7), 1);
    const auto volume = screen.awaitVolume(whole);
    ASSERT_TRUE(volume);
    ASSERT_EQ(volume->histograms.size(), 2U);
    ASSERT_TRUE(volume->histograms[0]);
    EXPECT_FALSE(volume->histograms[1]) << "that channel is hidden and was not loaded";
    const Histogram& seen = *volume->histograms[0];
    EXPECT_EQ(std::accumulate(seen.counts.begin(), seen.counts.end(), 0U), 5U * 6 * 7);
    EXPECT_LE(seen.low, valueOf({0, 0, 0, 0, 0}));
    EXPECT_GE(seen.high, valueOf({0, 0, 4, 3, 6}));
}

TEST_F(VolumeTest, LoadingCanBeCancelled) {
    const Axes axes = recording(5, 6, 7);
    source = std::make_shared<ScriptedSource>(axes, DType::UInt16, valueOf);
    source->hold([](const Region&) { return true; });
    open(axes, 1);
    source->awaitBegun(1);
    EXPECT_TRUE(viewer->busyForMs());
    viewer->cancelVolume();
    viewer.reset(); // waits for nobody
    source->hold({});
    EXPECT_TRUE(screen.volumes().empty());
}

TEST_F(VolumeTest, GoesBackToTheSlice) {
    open(recording(5, 6, 7), 1);
    ASSERT_TRUE(screen.awaitVolume(whole));
    state.ndisplay = 2;
    viewer->setState(state);
    const auto picture = screen.await([](const Picture&) { return true; });
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->slices[0].block.valueAt({1, 1}), valueOf({0, 0, 2, 1, 1}));
}

TEST_F(VolumeTest, EstimatesLimitsWhereNoSliceWasSeen) {
    const Axes axes = recording(5, 6, 7);
    open(axes, 1);
    ASSERT_TRUE(screen.awaitVolume(whole));
    state.channels[0].provisional = true;
    state.position[0] = 3;
    viewer->setState(state);
    const auto volume = screen.awaitVolume([](const VolumePicture& v) { return v.state.position[0] == 3; });
    ASSERT_TRUE(volume);
    EXPECT_EQ(volume->state.channels[0].limits[0], 3001);
    EXPECT_GT(volume->state.channels[0].limits[1], 3200);
}

} // namespace
} // namespace lazulite::view
