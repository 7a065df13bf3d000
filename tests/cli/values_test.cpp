#include "values.h"
#include "export_values.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "export_values.h"
#include "lazulite/core/error.h"

namespace lazulite::cli {
namespace {

const Axis kZ{"z", 64, 0.2, "um", {}};
const Axis kC{"c", 2, 1, "", {"488 nm", "560 nm"}};
const Axes kAxes{{"t", 10, 1, "", {}}, kC, kZ, {"y", 256, 1, "", {}}, {"x", 280, 1, "", {}}};

std::string messageOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "no failure";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Values, AssignmentsMayComeInOneTextOrSeveral) {
    const std::vector<Assignment> wanted{{"t", "3"}, {"c", "1"}, {"z", "-2"}};
    EXPECT_EQ(parseAssignments({"t=3,c=1", "z=-2"}, "--at"), wanted);
    EXPECT_EQ(parseAssignments({"t=3", "c=1", " z = -2"}, "--at"), wanted);
}

TEST(Values, AssignmentsThatAreNoneAreRefused) {
    for (const std::string text : {"t", "=3", "t=", "t=3,", "", "t=1,t=2"}) {
        EXPECT_THROW(parseAssignments({text}, "--at"), Failure) << text;
    }
}

TEST(Values, AnIndexCountsFromEitherEnd) {
    EXPECT_EQ(parseIndex(kZ, "0", "--at"), 0);
    EXPECT_EQ(parseIndex(kZ, "63", "--at"), 63);
    EXPECT_EQ(parseIndex(kZ, "-1", "--at"), 63);
    EXPECT_EQ(parseIndex(kZ, "-64", "--at"), 0);
}

TEST(Values, AnIndexOutOfRangeNamesTheRange) {
    for (const std::string text : {"64", "-65", "9999999999"}) {
        const std::string message = messageOf([&] { parseIndex(kZ, text, "--at"); });
        EXPECT_TRUE(contains(message, "z goes from 0 to 63")) << message;
    }
    for (const std::string text : {"", "1.5", "three", "99999999999999999999", "0x10"}) {
        EXPECT_THROW(parseIndex(kZ, text, "--at"), Failure) << text;
    }
}

TEST(Values, ALabelIsAnIndexToo) {
    EXPECT_EQ(parseIndex(kC, "560 nm", "--at"), 1);
}

TEST(Values, RangesAreThoseOfNumPy) {
    struct Row {
        std::string text;
        Interval wanted;
    };
    for (const Row& row : std::vector<Row>{{":", {0, 64}},
                                           {"2:", {2, 64}},
                                           {":10", {0, 10}},
                                           {"10:20", {10, 20}},
                                           {"10:-20", {10, 44}},
                                           {"-5:", {59, 64}},
                                           {"-100:3", {0, 3}},
                                           {"60:1000", {60, 64}}}) {
        EXPECT_EQ(parseRange(kZ, row.text, "--region"), row.wanted) << row.text;
    }
}

TEST(Values, RangesThatHoldNothingOrAreNoneAreRefused) {
    for (const std::string text : {"10:10", "20:10", "64:", ":-64", "5", "0:10:2", "a:b", "1.5:3"}) {
        EXPECT_THROW(parseRange(kZ, text, "--region"), Failure) << text;
    }
}

TEST(Values, APartIsARangeAnIndexOrALabel) {
    EXPECT_EQ(parsePart(kZ, "2:5", "--region"), (Interval{2, 5}));
    EXPECT_EQ(parsePart(kZ, "3", "--region"), (Interval{3, 4}));
    EXPECT_EQ(parsePart(kZ, "-1", "--region"), (Interval{kZ.size - 1, kZ.size}));
    EXPECT_EQ(parsePart({"c", 2, 1.0, "", {"a:b", "488 nm"}}, "488 nm", "--region"), (Interval{1, 2}));
    EXPECT_EQ(parsePart({"c", 2, 1.0, "", {"a:b", "488 nm"}}, "a:b", "--region"), (Interval{0, 1}));
    EXPECT_THROW(parsePart(kZ, "all", "--region"), Failure);
}

TEST(Values, ACompressionMayHaveALevel) {
    using Compression = io::TiffWriteOptions::Compression;
    EXPECT_EQ(parseCompression("none"), std::pair(Compression::None, 0));
    EXPECT_EQ(parseCompression("zstd"), std::pair(Compression::Zstd, 0));
    EXPECT_EQ(parseCompression("zstd:22"), std::pair(Compression::Zstd, 22));
    EXPECT_EQ(parseCompression("deflate:1"), std::pair(Compression::Deflate, 1));
    for (const char* text : {"", "zip", "zstd:", "zstd:0", "zstd:23", "zstd:3x", "lzw:2", "none:1", "deflate:13"})
        EXPECT_THROW(parseCompression(text), Failure) << text;
}

TEST(Values, AnUnknownAxisIsToldWithTheNearestAndAllOfThem) {
    const std::string message = messageOf([] { requireAxis(kAxes, "T", "--at"); });
    EXPECT_TRUE(contains(message, "did you mean 't'?")) << message;
    EXPECT_TRUE(contains(message, "t, c, z, y, x")) << message;
    const std::string word = messageOf([] { requireAxis(kAxes, "time", "--at"); });
    EXPECT_TRUE(contains(word, "did you mean 't'?")) << word;
    const std::string strange = messageOf([] { requireAxis(kAxes, "q", "--at"); });
    EXPECT_FALSE(contains(strange, "did you mean")) << strange;
}

TEST(Values, APlaneIsTwoDifferentAxes) {
    EXPECT_EQ(parsePlane(kAxes, "yx"), (std::array<std::size_t, 2>{3, 4}));
    EXPECT_EQ(parsePlane(kAxes, "zy"), (std::array<std::size_t, 2>{2, 3}));
    EXPECT_EQ(parsePlane(kAxes, "t,x"), (std::array<std::size_t, 2>{0, 4}));
    for (const std::string text : {"", "y", "yy", "yq", "zyx", "y,"})
        EXPECT_THROW(parsePlane(kAxes, text), Failure) << text;
}

TEST(Values, NumbersLimitsAndSizes) {
    EXPECT_EQ(parseNumbers("0.3,0.1,0.1", "--voxel", 2, 3), (std::vector<double>{0.3, 0.1, 0.1}));
    for (const std::string text : {"0.3", "1,2,3,4", "a,b", "1,,2", "nan,1", "inf,1", ""}) {
        EXPECT_THROW(parseNumbers(text, "--voxel", 2, 3), Failure) << text;
    }
    EXPECT_EQ(parseLimits("-5,2000.5", "--contrast-limits"), (std::array<double, 2>{-5, 2000.5}));
    EXPECT_THROW(parseLimits("10,10", "--contrast-limits"), Failure);
    EXPECT_THROW(parseLimits("20,10", "--contrast-limits"), Failure);
    EXPECT_EQ(parseSize("64,256,280", "--size"), (std::array<std::int64_t, 3>{64, 256, 280}));
    for (const std::string text : {"64,256", "64,256,0", "64,256,280,2", "-1,2,3"}) {
        EXPECT_THROW(parseSize(text, "--size"), Failure) << text;
    }
    EXPECT_EQ(parsePixels("1024x768", "--size"), std::pair(1024, 768));
    for (const std::string text : {"1024", "0x5", "x", "10x10x10", "99999x10"}) {
        EXPECT_THROW(parsePixels(text, "--size"), Failure) << text;
    }
    EXPECT_EQ(parseQuantity("2.5s", "--spacing"), (std::pair<double, std::string>(2.5, "s")));
    EXPECT_EQ(parseQuantity("0.2 um", "--spacing"), (std::pair<double, std::string>(0.2, "um")));
    EXPECT_EQ(parseQuantity("3", "--spacing"), (std::pair<double, std::string>(3, "")));
    for (const std::string text : {"s", "-1s", "0", ""})
        EXPECT_THROW(parseQuantity(text, "--spacing"), Failure) << text;
}

} // namespace
} // namespace lazulite::cli
