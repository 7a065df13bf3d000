#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "lazulite/graph/operation.h"
#include "lazulite/view/viewer.h"
#include "screen.h"
#include "scripted_source.h"

namespace lazulite::view {
namespace {

using namespace std::chrono_literals;
using graph::LazyArray;
using testing::Screen;
using testing::ScriptedSource;

/// (t, z, y, x)
Axes recording() {
    return {{"t", 10, 1, "s", {}}, {"z", 4, 1, "um", {}}, {"y", 8, 1, "um", {}}, {"x", 10, 1, "um", {}}};
}

double valueOf(const std::vector<std::int64_t>& p) {
    return static_cast<double>(1000 * p[0] + 10 * p[1] + p[3]);
}

/// Adds 5 to whole volumes as float32, dearly: it does not end before it is let go or cancelled.
class Slow final : public graph::ComputeOperation {
public:
    std::string name() const override { return "slow"; }
    std::string parameters() const override { return {}; }
    graph::ArrayInfo describe(std::span<const LazyArray> inputs) const override {
        Shape block = inputs[0].shape();
        block[0] = 1;
        return {inputs[0].axes(), DType::Float32, block};
    }
    Cost cost() const override { return Cost::Expensive; }
    graph::LazyArray standIn(std::span<const graph::LazyArray> inputs) const override { return inputs[0]; }
    std::vector<graph::Need> required(const Region& out) const override { return {{0, out}}; }

    Result<Block> compute(const Region& out, std::span<const Block> inputs,
                          graph::Workspace& workspace) const override {
        workspace.progress(0.5);
        {
            std::unique_lock lock(mutex_);
            ++begun_;
            changed_.notify_all();
            if (!changed_.wait(lock, workspace.stop(), [&] { return released_; })) return Error::cancelled();
        }
        auto memory = workspace.allocate(DType::Float32, out);
        if (!memory) return memory.error();
        auto* values = reinterpret_cast<float*>(memory->data.get());
        for (std::int64_t z = out[1].begin; z < out[1].end; ++z) {
            for (std::int64_t y = out[2].begin; y < out[2].end; ++y) {
                for (std::int64_t x = out[3].begin; x < out[3].end; ++x) {
                    *values++ = static_cast<float>(inputs[0].valueAt({out[0].begin, z, y, x}) + 5);
                }
            }
        }
        return memory->block();
    }

    void release() {
        {
            const std::lock_guard lock(mutex_);
            released_ = true;
        }
        changed_.notify_all();
    }
    void awaitBegun(int count) const {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 30s, [&] { return begun_ >= count; });
    }

    int begun() const {
        const std::lock_guard lock(mutex_);
        return begun_;
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    mutable int begun_ = 0;
    bool released_ = false;
};

class PreviewTest : public ::testing::Test {
protected:
    void open(int ndisplay = 2, bool provisional = false) {
        viewer = std::make_unique<Viewer>(executor, screen.listener(), pace);
        viewer->setCanvas(20, 16);
        state = ViewState::startFor(source->axes());
        state.ndisplay = ndisplay;
        state.channels[0].limits = {0, 30000};
        state.channels[0].provisional = provisional;
        state.position = {0, 1, 0, 0};
        viewer->show(LazyArray::fromOperation(slow, {LazyArray::fromSource(source)}), state);
    }
    static bool isPreview(const Picture& picture) { return !picture.pending.empty(); }
    static bool isResult(const Picture& picture) { return picture.pending.empty() && !picture.stale; }
    static double valueAt(const Picture& picture) { return picture.slices[0].block.valueAt({2, 3}); }

    std::shared_ptr<ScriptedSource> source = std::make_shared<ScriptedSource>(recording(), DType::UInt16, valueOf);
    std::shared_ptr<Slow> slow = std::make_shared<Slow>();
    graph::Executor executor{{.memoryLimit = 64 << 20, .threads = 2}};
    Screen screen;
    ViewState state;
    ViewerPace pace{.partial = 0ms, .grace = 0ms, .rest = 0ms, .preview = 0ms};
    std::unique_ptr<Viewer> viewer;
};

TEST_F(PreviewTest, ShowsTheDataBeforeADearStepUntilItIsDone) {
    open();
    const auto preview = screen.await(isPreview);
    ASSERT_TRUE(preview);
    EXPECT_EQ(preview->pending, "slow");
    EXPECT_TRUE(preview->slices[0].preview);
    EXPECT_FALSE(preview->stale);
    EXPECT_EQ(valueAt(*preview), valueOf({0, 1, 2, 3}));
    EXPECT_TRUE(viewer->busyForMs());
    slow->release();
    const auto result = screen.await(isResult);
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->slices[0].preview);
    EXPECT_EQ(valueAt(*result), valueOf({0, 1, 2, 3}) + 5);
}

TEST_F(PreviewTest, FollowsTheSliderWhileNothingIsDone) {
    open();
    slow->awaitBegun(1);
    for (std::int64_t t = 1; t < 4; ++t) {
        state.position[0] = t;
        viewer->setState(state);
        const auto preview =
            screen.await([t](const Picture& picture) { return isPreview(picture) && picture.state.position[0] == t; });
        ASSERT_TRUE(preview);
        EXPECT_EQ(valueAt(*preview), valueOf({t, 1, 2, 3}));
    }
    slow->release();
    const auto result =
        screen.await([](const Picture& picture) { return isResult(picture) && picture.state.position[0] == 3; });
    ASSERT_TRUE(result);
    EXPECT_EQ(valueAt(*result), valueOf({3, 1, 2, 3}) + 5);
}

TEST_F(PreviewTest, IsNotShownOfWhatIsComputedAlready) {
    slow->release();
    pace.preview = 10s;
    open();
    ASSERT_TRUE(screen.await(isResult));
    const std::size_t before = screen.pictures().size();
    state.position[1] = 2; // another plane of the same volume
    viewer->setState(state);
    ASSERT_TRUE(
        screen.await([](const Picture& picture) { return isResult(picture) && picture.state.position[1] == 2; }));
    const auto pictures = screen.pictures();
    for (std::size_t i = before; i < pictures.size(); ++i) EXPECT_FALSE(isPreview(*pictures[i]));
}

TEST_F(PreviewTest, TellsHowFarTheResultIs) {
    open();
    slow->awaitBegun(1);
    EXPECT_EQ(viewer->progress(), 0.5);
    slow->release();
    ASSERT_TRUE(screen.await(isResult));
    EXPECT_EQ(viewer->progress(), 1.0);
}

TEST_F(PreviewTest, HasItsOwnContrastWhileThatIsProvisional) {
    open(2, true);
    const auto preview = screen.await(isPreview);
    ASSERT_TRUE(preview);
    const auto limits = preview->state.channels[0].limits;
    EXPECT_GE(limits[0], valueOf({0, 1, 0, 0}));
    EXPECT_LE(limits[1], valueOf({0, 1, 0, 9}));
    EXPECT_TRUE(screen.refined().empty()); // the result's limits are estimated from the result
    slow->release();
    const auto result = screen.await(isResult);
    ASSERT_TRUE(result);
    EXPECT_GE(result->state.channels[0].limits[0], valueOf({0, 1, 0, 0}) + 5);
}

TEST_F(PreviewTest, TheNextPositionIsComputedOnceTheSliderRests) {
    open();
    slow->release();
    ASSERT_TRUE(screen.await(isResult));
    state.position[0] = 1;
    viewer->setState(state);
    ASSERT_TRUE(
        screen.await([](const Picture& picture) { return isResult(picture) && picture.state.position[0] == 1; }));
    slow->awaitBegun(3); // t = 0, 1, and ahead of the slider 2
    EXPECT_EQ(slow->begun(), 3);
    viewer->setPrefetch(false);
}

TEST_F(PreviewTest, AVolumeIsPreviewedToo) {
    open(3);
    const auto preview = screen.awaitVolume([](const VolumePicture& volume) { return volume.coarse; });
    ASSERT_TRUE(preview);
    EXPECT_EQ(preview->pending, "slow");
    EXPECT_EQ(reinterpret_cast<const float*>(preview->voxels.get())[0], valueOf({0, 0, 0, 0}));
    slow->release();
    const auto result = screen.awaitVolume([](const VolumePicture& volume) { return !volume.coarse; });
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->pending.empty());
    EXPECT_EQ(reinterpret_cast<const float*>(result->voxels.get())[0], valueOf({0, 0, 0, 0}) + 5);
}

} // namespace
} // namespace lazulite::view
