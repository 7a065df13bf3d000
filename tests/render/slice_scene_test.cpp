#include "lazulite/render/slice_scene.h"

#include <gtest/gtest.h>

#include "lazulite/view/viewer.h"
#include "window.h"

namespace lazulite::render {
namespace {

using testing::Colour;
using testing::Window;

Colour colourAt(int x, int y) {
    return {x % 251, y % 241, (x * 7 + y * 3) % 239};
}

std::shared_ptr<view::Picture> picture(int width, int height, int shift = 0) {
    auto picture = std::make_shared<view::Picture>();
    picture->width = width;
    picture->height = height;
    const auto bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
    std::shared_ptr<std::uint8_t> rgba(new std::uint8_t[bytes], std::default_delete<std::uint8_t[]>());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            std::uint8_t* pixel = rgba.get() + 4 * (y * width + x);
            const Colour colour = colourAt(x + shift, y);
            for (std::size_t k = 0; k < 3; ++k) pixel[k] = static_cast<std::uint8_t>(colour[k]);
            pixel[3] = 255;
        }
    }
    picture->rgba = rgba;
    return picture;
}

TEST(SliceScene, ShowsEveryPixelOfThePictureOnOneOfTheWindow) {
    SliceScene scene;
    Window window(scene.renderer(), 123, 77);
    scene.setPicture(picture(123, 77));
    window.render();
    for (int y = 0; y < 77; ++y) {
        for (int x = 0; x < 123; ++x) ASSERT_EQ(window.at(x, y), colourAt(x, y)) << x << ", " << y;
    }
}

TEST(SliceScene, ShowsTheNextPictureInThePlaceOfTheLast) {
    SliceScene scene;
    Window window(scene.renderer(), 60, 40);
    scene.setPicture(picture(60, 40));
    window.render();
    scene.setPicture(picture(60, 40, 5));
    window.render();
    EXPECT_EQ(window.at(10, 20), colourAt(15, 20));
    scene.setPicture(nullptr);
    window.render();
    EXPECT_EQ(window.at(10, 20), (Colour{0, 0, 0}));
}

TEST(SliceScene, DrawsAPictureOfAnotherSizeUnscaledInTheMiddle) {
    SliceScene scene;
    Window window(scene.renderer(), 61, 40);
    scene.setPicture(picture(20, 10));
    window.render();
    EXPECT_EQ(window.at(20 + 3, 15 + 7), colourAt(3, 7));
    EXPECT_EQ(window.at(19, 15), (Colour{0, 0, 0}));
    scene.setPicture(picture(100, 80));
    window.render();
    EXPECT_EQ(window.at(0, 0), colourAt(20, 20));
}

TEST(SliceScene, SurvivesAnotherWindow) {
    SliceScene scene;
    scene.setPicture(picture(30, 20));
    {
        Window window(scene.renderer(), 30, 20);
        window.render();
    }
    Window second(scene.renderer(), 30, 20);
    second.render();
    EXPECT_EQ(second.at(7, 3), colourAt(7, 3));
}

} // namespace
} // namespace lazulite::render
