#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "broken_configs.h"
#include "lazulite/core/error.h"
#include "lazulite/pipeline/config.h"
#include "support/temporary_folder.h"

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

TEST(ParseConfig, TellsEverythingThatIsWrongWithLineAndColumn) {
    for (const Broken& broken : kBrokenConfigs) EXPECT_EQ(told(broken.text), broken.messages) << broken.text;
}

TEST(ParseConfig, SaysWhichStepAndKeyAMessageIsAbout) {
    const Messages messages =
        parseConfig("[[step]]\nop = \"deskew\"\n[[step]]\nop = \"crop\"\nz = 3\n", "p.toml").messages;
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].step, 1U);
    EXPECT_EQ(messages[0].key, "z");
    EXPECT_EQ(messages[0].file, "p.toml");
}

TEST(ParseConfig, TakesAnyLayoutOfTables) {
    const Config config = parseConfig(kTutorial, "p.toml").config;
    const Parsed inner = parseConfig(R"(
view.ndisplay = 3
pipeline = { name = "deskew, deconvolve, crop" }
step = [ { op = "deskew", angle = 31.5 },
         { op = "deconvolve", psf.ch0 = "psf488.tif", psf.ch1 = "psf560.tif", background = 10, iterations = 10 },
         { op = "crop", x = ":500", y = "10:-20", z = "2:" } ]
view.contrast-limits = [[90, 1500]]
view.scale = { x = 1, y = 1, z = 3 }
)",
                                     "q.toml");
    ASSERT_TRUE(inner.ok()) << inner.messages.front().toString();
    EXPECT_EQ(inner.config, config);
    const Parsed outer = parseConfig(R"(
[[step]]
op = "deskew"
angle = 31.5
[[step]]
op = "deconvolve"
background = 10
iterations = 10
[step.psf]
ch0 = "psf488.tif"
ch1 = "psf560.tif"
[[step]]
op = "crop"
z = "2:"
y = "10:-20"
x = ":500"
[view]
ndisplay = 3
contrast-limits = [90, 1500]
[view.scale]
z = 3
y = 1
x = 1
[pipeline]
name = "deskew, deconvolve, crop"
version = 1
)",
                                     "q.toml");
    ASSERT_TRUE(outer.ok()) << outer.messages.front().toString();
    EXPECT_EQ(outer.config, config);
}

TEST(ParseConfig, AnEmptyTextIsAPipelineOfNoSteps) {
    EXPECT_TRUE(parseConfig("", "p.toml").ok());
    EXPECT_TRUE(parseConfig("# nothing yet\n", "p.toml").config.steps.empty());
}

std::string repeated(const std::string& part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

TEST(HostileConfig, IsRefusedWithAMessage) {
    const std::string step = "[[step]]\nop = \"crop\"\n";
    EXPECT_EQ(told(step + "z = " + repeated("[", 100'000)), "3:21: lists and tables are nested too deeply\n");
    EXPECT_EQ(told(step + "z = " + repeated("[", 50'000) + repeated("]", 50'000)),
              "3:21: lists and tables are nested too deeply\n");
    EXPECT_EQ(told(step + "z = " + repeated("{ a = ", 50'000)), "3:101: lists and tables are nested too deeply\n");
    EXPECT_EQ(told(step + "z = { " + repeated("a.", 100'000) + "a = 1 }"),
              "3:38: this key has too many parts for a pipeline config\n");
    EXPECT_EQ(told(repeated("a.", 100'000) + "a = 1"), "1:1: a key of 100001 parts is none of a pipeline config\n");
    EXPECT_EQ(told("[" + repeated("a.", 100'000) + "a]\nb = 1"),
              "1:2: a key of 100001 parts is none of a pipeline config\n");
    EXPECT_EQ(told(std::string("II*\0\x08\0\0\0", 8)),
              "1:4: this is no pipeline config: it holds binary data; a config is a text in TOML\n");
    EXPECT_EQ(told(repeated("x", 2'000'000)),
              "1:1: this is no pipeline config: it has 2 MB, and a config has 1 MB at most\n");
    EXPECT_EQ(told("name = \"\xC3\x28\"\n"), "1:8: this is not TOML: encountered invalid utf-8 sequence\n");
}

TEST(HostileConfig, OfManyMistakesTellsTheFirstHundred) {
    const Messages steps = parseConfig(repeated("[[step]]\n", 100'000), "p.toml").messages;
    ASSERT_EQ(steps.size(), 101U);
    EXPECT_EQ(steps.back().text, "... and 99900 more mistakes");
    const Messages lines = parseConfig(repeated("a = \"\n", 150'000), "p.toml").messages;
    EXPECT_LE(lines.size(), 101U);
    EXPECT_EQ(lines.front().place, (Place{1, 5}));
}

TEST(HostileConfig, OfAnyBytesIsAnsweredWithoutHarm) {
    std::mt19937 random(7);
    const std::string tutorial = kTutorial;
    for (int round = 0; round < 2000; ++round) {
        std::string text = tutorial;
        const int changes = 1 + static_cast<int>(random() % 8);
        for (int i = 0; i < changes; ++i) {
            const std::size_t at = random() % text.size();
            switch (random() % 4) {
                case 0:
                    text.erase(at, 1 + random() % 20);
                    break;
                case 1:
                    text.insert(at, 1, "[]{}\"'.=#\n\\,"[random() % 12]);
                    break;
                case 2:
                    text[at] = static_cast<char>(1 + random() % 255);
                    break;
                default:
                    text.insert(at, text.substr(random() % text.size(), random() % 60));
            }
            if (text.empty()) text = "a";
        }
        const Parsed parsed = parseConfig(text, "p.toml");
        for (const Message& message : parsed.messages) {
            EXPECT_GT(message.place.line, 0) << message.text;
            EXPECT_LE(message.place.line, 2 + std::count(text.begin(), text.end(), '\n')) << message.text;
        }
        if (!parsed.ok()) continue;
        EXPECT_EQ(writeConfig(parsed.config).text, text);
    }
}

TEST(LoadConfig, RefusesWhatIsNoConfigFile) {
    const testing::TemporaryFolder folder;
    EXPECT_THROW(loadConfig(folder / "none.toml"), Failure);
    EXPECT_THROW(loadConfig(folder.path()), Failure);
    EXPECT_THROW(loadConfig("/dev/zero"), Failure);
    std::ofstream(folder / "large.toml").close();
    std::filesystem::resize_file(folder / "large.toml", 100'000'000);
    try {
        loadConfig(folder / "large.toml");
        FAIL() << "not refused";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.error().message, "is no pipeline config: it has 100 MB, and a config has 1 MB at most");
    }
}

} // namespace
} // namespace lazulite::pipeline
