#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "lazulite/pipeline/config.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::pipeline {
namespace {

const std::string kPath = LAZULITE_SOURCE_DIR "/docs/pipelines.md";

std::string documentation() {
    std::ifstream file(kPath);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Documentation, TellsTheStepsThatTheProgramChecks) {
    const std::string text = documentation();
    const std::string mark = "pipeline_test -->\n\n";
    const std::size_t begin = text.find(mark);
    ASSERT_NE(begin, std::string::npos);
    if (std::getenv("LAZULITE_WRITE_DOCUMENTATION") != nullptr) {
        std::ofstream(kPath) << text.substr(0, begin + mark.size()) << schemaText();
        return;
    }
    EXPECT_EQ(text.substr(begin + mark.size()), schemaText())
        << "run LAZULITE_WRITE_DOCUMENTATION=1 build/dev/bin/pipeline_test and look at what changed";
}

TEST(Documentation, ItsExamplesAreConfigs) {
    const std::string text = documentation();
    const std::string open = "```toml\n";
    int examples = 0;
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at + 1)) {
        const std::size_t begin = at + open.size();
        const Parsed parsed = parseConfig(text.substr(begin, text.find("```", begin) - begin), "example");
        EXPECT_TRUE(parsed.ok()) << parsed.messages.front().toString();
        ++examples;
    }
    EXPECT_EQ(examples, 2);
}

TEST(Schema, NamesEachStepAndKeyOnce) {
    std::set<std::string> steps;
    for (const StepSchema& step : stepSchemas()) {
        EXPECT_TRUE(steps.insert(step.op).second) << step.op;
        EXPECT_FALSE(step.help.empty()) << step.op;
        std::set<std::string> keys{"op", "label", "enabled", "channels"};
        for (const ParameterSchema& parameter : step.parameters) {
            EXPECT_TRUE(keys.insert(parameter.key).second) << step.op << " " << parameter.key;
            EXPECT_FALSE(parameter.help.empty()) << step.op << " " << parameter.key;
        }
    }
    EXPECT_EQ(steps.size(), 20U);
    EXPECT_EQ(findStep("downsample"), findStep("bin"));
    EXPECT_EQ(findStep("sharpen"), nullptr);
}

/// A default that is written as a value is a value that the parameter takes.
TEST(Schema, ItsDefaultsAreAllowed) {
    for (const StepSchema& step : stepSchemas()) {
        for (const ParameterSchema& parameter : step.parameters) {
            const std::string& fallback = parameter.fallback;
            if (fallback.empty() || std::string("\"[0123456789").find(fallback.front()) == std::string::npos) continue;
            if (parameter.kind == ParameterKind::Path) continue; // "0": an image of zeros
            const Parsed parsed =
                parseConfig("[[step]]\nop = \"crop\"\nz = \":\"\nvalue = " + fallback + "\n", "p.toml");
            const Value* value = parsed.config.steps.at(0).find("value");
            EXPECT_EQ(mistakeIn(parameter, *value), std::nullopt) << step.op << " " << parameter.key;
        }
    }
}

TEST(Schema, GeometryOnlySwitchesOffWhatChangesValues) {
    Config config;
    for (const char* op : {"deskew", "background", "crop", "deconvolve", "select", "downsample", "smooth"}) {
        config.steps.push_back({.op = op});
    }
    std::vector<bool> enabled;
    for (const Step& step : geometryOnly(config).steps) enabled.push_back(step.enabled);
    EXPECT_EQ(enabled, (std::vector<bool>{true, false, true, false, true, true, false}));
}

} // namespace
} // namespace lazulite::pipeline
