#include "series/name_pattern.h"

#include <gtest/gtest.h>

#include "lazulite/core/error.h"

namespace lazulite::io::series {
namespace {

/// The fields' values joined by "|", or "none".
std::string match(const std::string& pattern, const std::string& name) {
    const auto parsed = NamePattern::parse(pattern);
    std::vector<std::string_view> values;
    if (!parsed->read(name, values)) return "none";
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : "|") + std::string(values[i]);
    return text;
}

TEST(NamePattern, FieldsTakeDigitsAndStarsTheRest) {
    EXPECT_EQ(match("*_ch{c}_stack{t}_*.tif", "cell1_ch0_stack0012_488nm.tif"), "0|0012");
    EXPECT_EQ(match("*{t}.tif", "img_0012.tif"), "0012");
    EXPECT_EQ(match("img?{t}.tif", "imgA7.tif"), "7");
    EXPECT_EQ(match("*_ch{c}_*.tif", "cell1_stack0012.tif"), "none");
}

TEST(NamePattern, FieldsTakeTextsWhereNoDigitsFit) {
    EXPECT_EQ(match("img_{t}_{c}_{z}.tif", "img_000_DAPI_003.tif"), "000|DAPI|003");
    EXPECT_EQ(match("*_{c}_{z}.tif", "img_000_DAPI_003.tif"), "DAPI|003");
    EXPECT_EQ(match("{c}.tif", "my_dye.tif"), "my_dye");
    EXPECT_EQ(match("{well}{well}_s{p}.tif", "A01_s2.tif"), "A01|2");
}

TEST(NamePattern, WithoutASlashIsHeldAgainstTheFilesNameOnly) {
    EXPECT_EQ(match("t{t}.tif", "Pos1/t3.tif"), "3");
    EXPECT_EQ(match("Pos{p}/t{t}.tif", "Pos1/t3.tif"), "1|3");
    EXPECT_EQ(match("*/t{t}.tif", "a/b/t3.tif"), "none");
}

TEST(NamePattern, RefusesWhatCannotBeMeant) {
    for (const char* bad : {"a{c.tif", "a}c.tif", "a{}.tif", "a{y}.tif", "a{1}.tif", "a{c}{t}.tif", "a{c d}.tif"}) {
        EXPECT_THROW(NamePattern::parse(bad), Failure) << bad;
    }
    try {
        NamePattern::parse("a{x}b");
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_NE(failure.error().message.find("inside the files"), std::string::npos);
    }
}

TEST(NamePattern, EndsSoonOnPatternsMadeToTakeForever) {
    std::string pattern;
    for (int i = 0; i < 60; ++i) pattern += "*a";
    EXPECT_EQ(match(pattern + "{c}b", std::string(250, 'a')), "none");
}

} // namespace
} // namespace lazulite::io::series
