#include <gtest/gtest.h>

#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {
namespace {

constexpr const char* kText = R"(# my pipeline

[pipeline]
name = "a" # the name

# first
[[step]]
op = "deskew"   # shear
angle = 31.5    # degrees

# second
[[step]]
op = "crop"
z = "2:"
# about y
y = "10:-20" # rows

[view]
ndisplay = 3
)";

TEST(WriteConfig, WritesAnUnchangedConfigAsItStands) {
    EXPECT_EQ(writeConfig(parseConfig(kText, "p.toml").config).text, kText);
}

TEST(WriteConfig, KeepsTheTextOfStepsThatWereMovedAndChanged) {
    Config config = parseConfig(kText, "p.toml").config;
    std::swap(config.steps[0], config.steps[1]);
    config.steps[1].set("angle", 20.0);
    config.steps[0].erase("y");
    config.steps.push_back({.op = "bleach"});
    const Written written = writeConfig(config);
    EXPECT_EQ(written.text, R"(# my pipeline

[pipeline]
name = "a" # the name

# second
[[step]]
op = "crop"
z = "2:"
# about y

# first
[[step]]
op = "deskew"   # shear
angle = 20.0    # degrees

[[step]]
op = "bleach"

[view]
ndisplay = 3
)");
    EXPECT_EQ(written.lost, (std::vector<std::string>{"line 16: # rows"}));
}

} // namespace
} // namespace lazulite::pipeline
