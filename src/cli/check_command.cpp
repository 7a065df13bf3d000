#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "commands.h"
#include "input.h"
#include "lazulite/core/error.h"
#include "lazulite/graph/executor.h"
#include "lazulite/pipeline/config.h"
#include "lazulite/pipeline/pipeline.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::cli {
namespace {

using nlohmann::ordered_json;

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        throw Failure("what was found could not be written to standard output (is the disk full?)");
    }
}

ordered_json jsonOf(const pipeline::Messages& messages) {
    ordered_json list = ordered_json::array();
    for (const pipeline::Message& message : messages) {
        ordered_json entry{{"file", message.file},
                           {"line", message.place.line},
                           {"column", message.place.column},
                           {"text", message.text}};
        if (message.step != pipeline::Message::npos) entry["step"] = message.step;
        if (!message.key.empty()) entry["key"] = message.key;
        list.push_back(std::move(entry));
    }
    return list;
}

ordered_json jsonOf(const graph::Forecast& forecast) {
    return {{"files", forecast.files}, {"pages", forecast.pages}, {"bytes", forecast.bytes}, {"memory", forecast.peak}};
}

ordered_json jsonOf(const pipeline::StageReport& stage) {
    ordered_json axes = ordered_json::array();
    for (const Axis& axis : stage.array.axes()) {
        axes.push_back({{"name", axis.name}, {"size", axis.size}, {"spacing", axis.spacing}, {"unit", axis.unit}});
    }
    return {{"title", stage.title},
            {"enabled", stage.enabled},
            {"note", stage.note},
            {"axes", axes},
            {"dtype", toString(stage.array.dtype())},
            {"bytes", stage.array.bytes()},
            {"block", stage.array.blockShape()},
            {"slice", jsonOf(stage.slice)},
            {"volume", jsonOf(stage.volume)}};
}

std::string dumped(const ordered_json& root) {
    // Paths need not be UTF-8; JSON must be.
    return root.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

int refuse(const pipeline::Messages& messages, bool json) {
    tellMistakes(messages);
    if (json) print(dumped({{"ok", false}, {"messages", jsonOf(messages)}, {"stages", ordered_json::array()}}));
    return kExitBadInput;
}

} // namespace

int checkCommand(const CheckOptions& options) {
    if (options.schema) {
        print(pipeline::schemaText());
        return kExitDone;
    }
    const pipeline::Parsed parsed = pipeline::loadConfig(options.config);
    if (options.input.paths.empty()) {
        if (!parsed.ok()) return refuse(parsed.messages, options.json);
        print(options.json
                  ? dumped({{"ok", true}, {"messages", ordered_json::array()}, {"stages", ordered_json::array()}})
                  : fmt::format("{}: {} step(s), no mistake; name the data as well to check it against them\n",
                                options.config, parsed.config.steps.size()));
        return kExitDone;
    }
    const Input input = openInput(options.input);
    const pipeline::Built built = pipeline::buildPipeline(parsed, input.array, input.series->scanSettings());
    if (!built.ok()) return refuse(built.messages, options.json);
    graph::Executor executor({.memoryLimit = options.input.memoryLimit, .threads = options.input.threads});
    const std::uint64_t limit = executor.memory().usage().limit;
    if (!options.json) {
        print(pipeline::describe(built.pipeline, limit));
        return kExitDone;
    }
    ordered_json stages = ordered_json::array();
    for (const pipeline::StageReport& stage : pipeline::report(built.pipeline, limit)) stages.push_back(jsonOf(stage));
    print(dumped(
        {{"ok", true}, {"messages", ordered_json::array()}, {"stages", stages}, {"sources", built.pipeline.sources}}));
    return kExitDone;
}

} // namespace lazulite::cli
