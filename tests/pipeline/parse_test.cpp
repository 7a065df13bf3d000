#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lazulite/pipeline/config.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::pipeline {
namespace {

/// The messages of a config, one a line, without the file's name.
std::string told(const std::string& text) {
    std::string lines;
    for (const Message& message : parseConfig(text, "p.toml").messages) lines += message.toString().substr(7) + "\n";
    return lines;
}

constexpr const char* kTutorial = R"([pipeline]
name = "deskew, deconvolve, crop"

[[step]]
op = "deskew"
angle = 31.5                     # degrees; voxel size from the data unless given

[[step]]
op = "deconvolve"
psf = { ch0 = "psf488.tif", ch1 = "psf560.tif" }   # or one path; an OTF file works too
background = 10                  # counts, or "auto"
iterations = 10

[[step]]
op = "crop"
z = "2:"                         # as NumPy slices
y = "10:-20"
x = ":500"

[view]
ndisplay = 3
contrast-limits = [90, 1500]
scale = { z = 3, y = 1, x = 1 }
)";

TEST(ParseConfig, UnderstandsTheTutorialsChain) {
    const Parsed parsed = parseConfig(kTutorial, "folder/p.toml");
    ASSERT_TRUE(parsed.ok()) << parsed.messages.front().toString();
    const Config& config = parsed.config;
    EXPECT_EQ(config.path, "folder/p.toml");
    EXPECT_EQ(config.name, "deskew, deconvolve, crop");
    ASSERT_EQ(config.steps.size(), 3U);
    EXPECT_EQ(config.steps[0].op, "deskew");
    EXPECT_EQ(*config.steps[0].find("angle"), Value(31.5));
    EXPECT_EQ(config.steps[0].place, (Place{5, 6}));
    EXPECT_EQ(config.steps[0].find("angle")->place(), (Place{6, 9}));
    const auto* psf = config.steps[1].find("psf")->get<Value::Table>();
    ASSERT_NE(psf, nullptr);
    EXPECT_EQ(*findIn(*psf, "ch1"), Value("psf560.tif"));
    EXPECT_EQ(findIn(*psf, "ch1")->place(), (Place{10, 35}));
    EXPECT_EQ(*config.steps[2].find("y"), Value("10:-20"));
    EXPECT_EQ(config.view.ndisplay, 3);
    EXPECT_EQ(config.view.contrastLimits, (std::vector<std::array<double, 2>>{{90, 1500}}));
    EXPECT_EQ(config.view.scale, (std::map<std::string, double>{{"x", 1}, {"y", 1}, {"z", 3}}));
}

struct Broken {
    const char* text;
    const char* messages; ///< line:column: text
};

class BrokenConfig : public testing::TestWithParam<Broken> {};

TEST_P(BrokenConfig, IsToldWithLineAndColumn) {
    EXPECT_EQ(told(GetParam().text), GetParam().messages) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenConfig,
    testing::Values(
        Broken{"[[step]]\nop = \"deskew\"\nangel = 3\n",
               "3:1: unknown key `angel` of the step \"deskew\"; did you mean `angle`?\n"},
        Broken{"[[step]]\nop = \"deskw\"\n", "2:6: unknown step \"deskw\"; did you mean \"deskew\"?\n"},
        Broken{"[[step]]\nop = \"deskew\"\nangle = \"3\"\nwidth = 1.5\npad = \"mean\"\naxis = \"z\"\n",
               "3:9: `angle` is a number (degrees), not the text \"3\"\n"
               "4:9: `width` is a whole number (columns), not 1.5\n"
               "5:7: `pad` is a number (counts) or \"median\", not the text \"mean\"\n"
               "6:8: `axis` is one of \"x\" or \"y\", not \"z\"\n"},
        Broken{"[[step]]\nop = \"deconvolve\"\nn_iters = 3\n",
               "2:6: the step \"deconvolve\" needs `psf`: the stack of a bead (or a computed one), or an OTF file as "
               "LLSpy and cudadecon write it\n"
               "3:1: unknown key `n_iters` of the step \"deconvolve\"; did you mean `iterations`?\n"}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, BrokenConfig,
    testing::Values(Broken{"[[step]\nop = \"deskew\"\n", "1:8: this is not TOML: expected ']', saw '\\n'\n"},
                    Broken{"[[step]]\nop = \"crop\"\nz = [1,\n 2\ny = \"3:\nx = 5\n",
                           "3:5: this list is not closed; a ']' is missing\n"
                           "5:5: this text is not closed; a \" is missing\n"
                           "6:5: `x` is a range such as \"2:\"; op = \"select\" takes one position of an axis\n"}));

} // namespace
} // namespace lazulite::pipeline
