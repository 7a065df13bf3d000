#include "lazulite/view/colormaps.h"

#include <gtest/gtest.h>

namespace lazulite::view {
namespace {

void expectNear(const Rgb& colour, const Rgb& expected, int tolerance, const std::string& what) {
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(colour[k], expected[k], tolerance) << what << " part " << k;
}

TEST(Colormaps, HaveEveryNameOfTheMenu) {
    const std::vector<std::string> names{"gray",       "gray_r",     "red",      "green", "blue",    "cyan",
                                         "magenta",    "yellow",     "viridis",  "magma", "inferno", "plasma",
                                         "hsv",        "turbo",      "twilight", "fire",  "ice",     "bop blue",
                                         "bop orange", "bop purple", "HiLo"};
    EXPECT_EQ(colormapNames(), names);
    for (const std::string& name : names) EXPECT_TRUE(findColormap(name)) << name;
}

TEST(Colormaps, LieNearThePublishedColours) {
    expectNear((*findColormap("viridis"))[0], {68, 1, 84}, 4, "viridis");
    expectNear((*findColormap("viridis"))[128], {33, 145, 140}, 4, "viridis");
    expectNear((*findColormap("viridis"))[255], {253, 231, 37}, 4, "viridis");
    expectNear((*findColormap("magma"))[128], {183, 55, 121}, 5, "magma");
    expectNear((*findColormap("inferno"))[128], {188, 55, 84}, 5, "inferno");
    expectNear((*findColormap("plasma"))[128], {204, 71, 120}, 5, "plasma");
    expectNear((*findColormap("turbo"))[128], {164, 252, 60}, 4, "turbo");
    expectNear((*findColormap("twilight"))[0], {226, 217, 226}, 1, "twilight");
    EXPECT_EQ((*findColormap("fire"))[255], (Rgb{255, 255, 255}));
}

TEST(Colormaps, MarkTheEndsInHiLo) {
    const Colormap map = *findColormap("HiLo");
    EXPECT_EQ(map[0], (Rgb{0, 0, 255}));
    EXPECT_EQ(map[1], (Rgb{1, 1, 1}));
    EXPECT_EQ(map[255], (Rgb{255, 0, 0}));
}

TEST(Colormaps, RunFromBlackToAnyColour) {
    const auto map = findColormap("#20FF80");
    ASSERT_TRUE(map);
    EXPECT_EQ((*map)[0], (Rgb{0, 0, 0}));
    EXPECT_EQ((*map)[255], (Rgb{0x20, 0xFF, 0x80}));
}

TEST(Colormaps, RefuseWhatIsNone) {
    for (const char* name : {"", "grey", "#12345", "#1234567", "#12345g", "#-12345"})
        EXPECT_FALSE(findColormap(name)) << name;
    EXPECT_EQ(colormapOrGray("nonsense")[255], (Rgb{255, 255, 255}));
}

} // namespace
} // namespace lazulite::view
