#include "lazulite/render/volume_scene.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "lazulite/view/viewer.h"
#include "window.h"

namespace lazulite::render {
namespace {

using testing::Colour;
using testing::Window;

constexpr Colour kBlack{0, 0, 0};

struct Bead {
    std::array<std::int64_t, 3> at; ///< x, y, z
    std::size_t channel;
    std::uint16_t value;
};

std::shared_ptr<view::VolumePicture> volume(std::array<std::int64_t, 3> size, std::size_t channels,
                                            const std::vector<Bead>& beads, std::array<double, 3> spacing = {1, 1, 1}) {
    auto volume = std::make_shared<view::VolumePicture>();
    const auto count = static_cast<std::size_t>(size[0] * size[1] * size[2]) * channels;
    std::vector<std::uint16_t> voxels(count, 0);
    for (const Bead& bead : beads) {
        const auto index = static_cast<std::size_t>((bead.at[2] * size[1] + bead.at[1]) * size[0] + bead.at[0]);
        voxels[index * channels + bead.channel] = bead.value;
    }
    std::shared_ptr<std::byte> data(new std::byte[count * 2], std::default_delete<std::byte[]>());
    std::memcpy(data.get(), voxels.data(), count * 2);
    volume->voxels = data;
    volume->dtype = DType::UInt16;
    volume->size = size;
    volume->spacing = spacing;
    for (std::size_t i = 0; i < channels; ++i) volume->channels.push_back(static_cast<int>(i));
    return volume;
}

view::ViewState stateOf(const std::vector<std::string>& colours) {
    view::ViewState state;
    state.ndisplay = 3;
    for (const std::string& colour : colours) {
        view::ChannelSettings channel;
        channel.colormap = colour;
        channel.limits = {0, 1000};
        state.channels.push_back(channel);
    }
    return state;
}

/// The bounds of what is not black: left, top, right, bottom; right < left where all is.
std::array<int, 4> lit(const Window& window) {
    std::array<int, 4> box{window.width(), window.height(), -1, -1};
    for (int y = 0; y < window.height(); ++y) {
        for (int x = 0; x < window.width(); ++x) {
            const Colour colour = window.at(x, y);
            if (colour[0] + colour[1] + colour[2] < 60) continue;
            box = {std::min(box[0], x), std::min(box[1], y), std::max(box[2], x), std::max(box[3], y)};
        }
    }
    return box;
}

TEST(VolumeScene, ShowsABeadWhereItLiesWithRowZeroOnTop) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    // Near the upper left corner of the slice.
    scene.setVolume(volume({16, 16, 16}, 1, {{{3, 4, 8}, 0, 1000}}));
    scene.setState(stateOf({"gray"}));
    window.render();
    const auto box = lit(window);
    ASSERT_GE(box[2], box[0]);
    // The ball around the volume is 16 * sqrt(3) = 27.7 across, so a voxel takes 160 / 27.7 = 5.8 pixels.
    EXPECT_NEAR((box[0] + box[2] + 1) / 2.0, 80 - 4.5 * 5.77, 2);
    EXPECT_NEAR((box[1] + box[3] + 1) / 2.0, 80 - 3.5 * 5.77, 2);
    EXPECT_EQ(window.at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), (Colour{255, 255, 255}));
    EXPECT_EQ(window.at(140, 140), kBlack);
}

TEST(VolumeScene, ShowsAVolumeOfOnePlane) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    scene.setVolume(volume({16, 16, 1}, 2, {{{3, 4, 0}, 1, 1000}}));
    scene.setState(stateOf({"red", "green"}));
    window.render();
    const auto box = lit(window);
    ASSERT_GE(box[2], box[0]);
    const double pixels = 160 / std::hypot(16, 16, 1);
    EXPECT_NEAR((box[0] + box[2] + 1) / 2.0, 80 - 4.5 * pixels, 2);
    EXPECT_NEAR((box[1] + box[3] + 1) / 2.0, 80 - 3.5 * pixels, 2);
    EXPECT_GT(window.at((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)[1], 200);
    scene.setVolume(volume({1, 16, 1}, 1, {{{0, 8, 0}, 0, 1000}}));
    scene.setState(stateOf({"gray"}));
    window.render();
    EXPECT_GE(lit(window)[2], lit(window)[0]) << "a line";
}

TEST(VolumeScene, KeepsTheVoxelsProportions) {
    VolumeScene scene;
    Window window(scene.renderer(), 200, 200);
    std::vector<Bead> row;
    for (std::int64_t x = 0; x < 8; ++x) {
        for (std::int64_t y = 0; y < 8; ++y) row.push_back({{x, y, 2}, 0, 1000});
    }
    scene.setVolume(volume({8, 8, 4}, 1, row, {1, 3, 1}));
    scene.setState(stateOf({"gray"}));
    window.render();
    const auto box = lit(window);
    const double ratio = static_cast<double>(box[3] - box[1] + 1) / (box[2] - box[0] + 1);
    EXPECT_NEAR(ratio, 3, 0.45); // VTK draws from voxel centre to voxel centre
}

TEST(VolumeScene, ShowsEachChannelInItsOwnColour) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    for (const std::size_t channels : {2U, 3U, 4U}) {
        scene.setVolume(volume({16, 16, 16}, channels, {{{3, 8, 8}, 0, 1000}, {{12, 8, 8}, channels - 1, 1000}}));
        std::vector<std::string> colours(channels, "blue");
        colours.front() = "magenta";
        colours.back() = "green";
        scene.setState(stateOf(colours));
        window.render();
        const int y = static_cast<int>(80 + 0.5 * 5.77);
        EXPECT_EQ(window.at(static_cast<int>(80 - 4.5 * 5.77), y), (Colour{255, 0, 255})) << channels;
        EXPECT_EQ(window.at(static_cast<int>(80 + 4.5 * 5.77), y), (Colour{0, 255, 0})) << channels;
    }
}

TEST(VolumeScene, HidesAChannelAndFollowsLimitsWithoutNewVoxels) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    scene.setVolume(volume({16, 16, 16}, 2, {{{3, 8, 8}, 0, 500}, {{12, 8, 8}, 1, 500}}));
    view::ViewState state = stateOf({"red", "green"});
    state.channels[1].visible = false;
    scene.setState(state);
    window.render();
    const int y = static_cast<int>(80 + 0.5 * 5.77);
    const int left = static_cast<int>(80 - 4.5 * 5.77);
    const int right = static_cast<int>(80 + 4.5 * 5.77);
    EXPECT_NEAR(window.at(left, y)[0], 128, 3);
    EXPECT_EQ(window.at(right, y), kBlack);
    state.channels[0].limits = {0, 500};
    state.channels[1].visible = true;
    scene.setState(state);
    window.render();
    EXPECT_NEAR(window.at(left, y)[0], 255, 3);
    EXPECT_NEAR(window.at(right, y)[1], 128, 3);
}

TEST(VolumeScene, IsTheMaximumAlongTheRay) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    scene.setVolume(volume({16, 16, 16}, 1, {{{8, 8, 2}, 0, 300}, {{8, 8, 8}, 0, 800}, {{8, 8, 13}, 0, 500}}));
    scene.setState(stateOf({"gray"}));
    window.render();
    EXPECT_NEAR(window.at(83, 83)[0], 204, 4);
}

TEST(VolumeScene, TurnsWithTheCamera) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    scene.setVolume(volume({16, 16, 16}, 1, {{{3, 8, 12}, 0, 1000}}));
    view::ViewState state = stateOf({"gray"});
    state.camera3d.direction = {-1, 0, 0}; // from the left
    scene.setState(state);
    window.render();
    const auto box = lit(window);
    ASSERT_GE(box[2], box[0]);
    // right = up x direction = (0,-1,0) x (-1,0,0) = (0, 0, -1): high z lies on the left.
    EXPECT_NEAR((box[0] + box[2] + 1) / 2.0, 80 - 4.5 * 5.77, 2);
}

TEST(VolumeScene, ShowsThePlaceOfABeadWhileInteractingAndInPerspective) {
    VolumeScene scene;
    Window window(scene.renderer(), 160, 160);
    scene.setVolume(volume({16, 16, 16}, 1, {{{3, 4, 8}, 0, 1000}}));
    view::ViewState state = stateOf({"gray"});
    state.camera3d.perspective = true;
    scene.setState(state);
    scene.setInteracting(true);
    window.render();
    const auto box = lit(window);
    ASSERT_GE(box[2], box[0]);
    EXPECT_NEAR((box[0] + box[2] + 1) / 2.0, 80 - 4.5 * 5.77, 4);
    EXPECT_NEAR((box[1] + box[3] + 1) / 2.0, 80 - 3.5 * 5.77, 4);
}

TEST(VolumeScene, IsBlackWithoutAVolume) {
    VolumeScene scene;
    Window window(scene.renderer(), 40, 40);
    window.render();
    EXPECT_EQ(window.at(20, 20), kBlack);
    scene.setVolume(volume({4, 4, 4}, 1, {{{2, 2, 2}, 0, 1000}}));
    scene.setState(stateOf({"gray"}));
    scene.setVolume(nullptr);
    window.render();
    EXPECT_EQ(window.at(20, 20), kBlack);
    EXPECT_EQ(scene.extent(), (std::array<double, 3>{1, 1, 1}));
}

TEST(VolumeScene, KnowsTheLimitOfTextures) {
    VolumeScene scene;
    Window window(scene.renderer(), 40, 40);
    window.render();
    EXPECT_GE(queryTextureLimit(window.get()), 256);
}

} // namespace
} // namespace lazulite::render
