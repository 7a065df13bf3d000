#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "lazulite/core/error.h"
#include "lazulite/pipeline/config.h"
#include "random_config.h"
#include "support/temporary_folder.h"

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

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::vector<std::string> commentsIn(const std::string& text) {
    std::vector<std::string> comments;
    for (std::size_t at = text.find("# note "); at != std::string::npos; at = text.find("# note ", at + 1)) {
        comments.push_back(text.substr(at, text.find('\n', at) - at));
    }
    return comments;
}

/// Comments between the head of a step that was not edited and what follows it.
std::vector<std::string> commentsOfUnchangedSteps(const std::string& text, const Config& before, const Config& after) {
    std::vector<std::string> comments;
    std::size_t head = text.starts_with("[[step]]") ? 0 : text.find("\n[[step]]");
    for (std::size_t i = 0; i < before.steps.size(); ++i) {
        std::size_t end = std::min(text.find("\n[", head + 1), text.size());
        for (std::size_t line = text.rfind('\n', end - 1); text.compare(line + 1, 7, "# note ") == 0;) {
            end = line; // a comment directly above a head belongs to it
            line = text.rfind('\n', end - 1);
        }
        const bool unchanged = std::any_of(after.steps.begin(), after.steps.end(), [&](const Step& step) {
            return step.source == i && step == before.steps[i];
        });
        if (unchanged) {
            for (const std::string& comment : commentsIn(text.substr(head, end - head))) comments.push_back(comment);
        }
        head = text.find("\n[[step]]", head + 1);
    }
    return comments;
}

/// The text of a config as a person would have written it: comments above, behind and inside of things, blank lines.
std::string annotated(const Config& config, RandomConfigs& random) {
    int notes = 0;
    const auto note = [&] { return "# note " + std::to_string(notes++) + "!\n"; };
    const std::string plain = writeConfig(config).text;
    std::string text;
    std::size_t begin = 0;
    while (begin < plain.size()) {
        const std::size_t end = plain.find('\n', begin);
        std::string line = plain.substr(begin, end - begin);
        if (random.chance(20)) text += note();
        if (random.chance(10)) text += "\n";
        if (line.find(" = [") != std::string::npos && line.ends_with("]") && random.chance(50)) {
            line.insert(line.find(" = [") + 4, " " + note() + "  ");
        }
        text += line;
        text += random.chance(20) && !line.empty() ? "   " + note() : "\n";
        begin = end + 1;
    }
    if (random.chance(30)) text += "\n" + note();
    if (random.chance(20)) text.pop_back();
    return text;
}

TEST(WriteConfig, WhatIsWrittenReadsBackAsTheSame) {
    RandomConfigs random(1);
    for (int round = 0; round < 500; ++round) {
        const Config config = random.config();
        const std::string text = writeConfig(config).text;
        const Parsed parsed = parseConfig(text, "p.toml");
        ASSERT_TRUE(parsed.ok()) << parsed.messages.front().toString() << "\n" << text;
        ASSERT_EQ(parsed.config, config) << text;
    }
}

TEST(WriteConfig, AnyEditOfAnyTextReadsBackAsTheEditedConfig) {
    RandomConfigs random(2);
    for (int round = 0; round < 500; ++round) {
        const std::string text = annotated(random.config(), random);
        const Parsed parsed = parseConfig(text, "p.toml");
        ASSERT_TRUE(parsed.ok()) << parsed.messages.front().toString() << "\n" << text;
        ASSERT_EQ(writeConfig(parsed.config).text, text);
        Config edited = parsed.config;
        for (std::size_t i = random.below(5); i > 0; --i) random.change(edited);
        const Written written = writeConfig(edited);
        const Parsed again = parseConfig(written.text, "p.toml");
        ASSERT_TRUE(again.ok()) << again.messages.front().toString() << "\n" << text << "=>\n" << written.text;
        ASSERT_EQ(again.config, edited) << text << "=>\n" << written.text;
        for (const std::string& comment : commentsOfUnchangedSteps(text, parsed.config, edited)) {
            ASSERT_NE(written.text.find(comment), std::string::npos) << comment << "\n"
                                                                     << text << "=>\n"
                                                                     << written.text;
        }
        for (const std::string& comment : commentsIn(text)) {
            const bool kept = written.text.find(comment) != std::string::npos;
            const bool told = std::any_of(written.lost.begin(), written.lost.end(), [&](const std::string& lost) {
                return lost.find(comment) != std::string::npos;
            });
            ASSERT_TRUE(kept || told) << comment << "\n" << text << "=>\n" << written.text;
        }
    }
}

TEST(WriteConfig, KeepsTheLinesOfStepsThatDidNotChange) {
    RandomConfigs random(3);
    for (int round = 0; round < 200; ++round) {
        const std::string text = annotated(random.config(), random);
        Config config = parseConfig(text, "p.toml").config;
        std::reverse(config.steps.begin(), config.steps.end());
        const Written written = writeConfig(config);
        EXPECT_TRUE(written.lost.empty());
        std::vector<std::string> before = linesOf(text);
        std::vector<std::string> after = linesOf(written.text);
        std::sort(before.begin(), before.end());
        std::sort(after.begin(), after.end());
        ASSERT_EQ(before, after) << text << "=>\n" << written.text;
    }
}

TEST(WriteConfig, ChangesValuesInTablesOfTheirOwn) {
    Config config = parseConfig(R"([[step]]
op = "deconvolve"
[step.psf]     # one each
ch0 = "a.tif"  # bead 3
ch1 = "b.tif"

[[step]]
op = "rescale"
gain.ch0 = 2
)",
                                "p.toml")
                        .config;
    config.steps[0].set("psf", "c.tif");
    config.steps[1].set("gain", 3);
    const Written written = writeConfig(config);
    EXPECT_EQ(written.text, R"([[step]]
op = "deconvolve"
psf = "c.tif"

[[step]]
op = "rescale"
gain = 3
)");
    EXPECT_EQ(written.lost, (std::vector<std::string>{"line 3: # one each", "line 4: # bead 3"}));
}

TEST(WriteConfig, WritesALayoutAnewThatCannotBeEdited) {
    Config config = parseConfig("# mine\npipeline.name = \"a\"\nstep = [{ op = \"bleach\" }] # one\n", "p.toml").config;
    EXPECT_TRUE(writeConfig(config).lost.empty());
    config.steps[0].enabled = false;
    const Written written = writeConfig(config);
    EXPECT_EQ(written.text, R"([pipeline]
name = "a"
version = 1

[[step]]
op = "bleach"
enabled = false
)");
    EXPECT_EQ(written.lost, (std::vector<std::string>{"line 1: # mine", "line 3: # one"}));
}

TEST(WriteConfig, KeepsTheLineEndsOfWindows) {
    Config config = parseConfig("[[step]]\r\nop = \"deskew\" # a\r\nangle = 3 # b\r\n", "p.toml").config;
    config.steps[0].set("angle", 4);
    config.steps[0].set("width", 5);
    EXPECT_EQ(writeConfig(config).text, "[[step]]\r\nop = \"deskew\" # a\r\nangle = 4 # b\r\nwidth = 5\r\n");
}

TEST(SaveConfig, WritesAConfigThatReadsBackAndNamesTheSameFiles) {
    const testing::TemporaryFolder folder;
    folder.write("here/p.toml",
                 "[[step]]\nop = \"deconvolve\"\npsf = { ch0 = \"psf/a.tif\", ch1 = \"/b.tif\" } # beads\n");
    folder.write("there/old.toml", "old");
    const Config config = loadConfig(folder / "here/p.toml").config;
    const Config saved = saveConfig(config, folder / "there/old.toml");
    EXPECT_EQ(folder.read("there/old.toml"),
              "[[step]]\nop = \"deconvolve\"\npsf = { ch0 = \"../here/psf/a.tif\", ch1 = \"/b.tif\" } # beads\n");
    EXPECT_EQ(saved, loadConfig(folder / "there/old.toml").config);
    EXPECT_EQ(saved.path, folder / "there/old.toml");
    EXPECT_EQ(*saved.text, folder.read("there/old.toml"));
    EXPECT_THROW(saveConfig(config, folder / "nowhere/p.toml"), Failure);
    EXPECT_THROW(saveConfig(config, folder / "there"), Failure);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "there"), {}), 1);
}

TEST(SaveConfig, KeepsLinksAndPermissions) {
    const testing::TemporaryFolder folder;
    folder.write("real.toml", "");
    std::filesystem::permissions(folder / "real.toml",
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::create_symlink("real.toml", folder / "link.toml");
    Config config;
    config.steps.push_back({.op = "bleach"});
    saveConfig(config, folder / "link.toml");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.toml"));
    EXPECT_EQ(loadConfig(folder / "real.toml").config, config);
    EXPECT_EQ(std::filesystem::status(folder / "real.toml").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

} // namespace
} // namespace lazulite::pipeline
