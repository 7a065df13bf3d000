#include "pipeline/config_paths.h"

#include <algorithm>
#include <filesystem>
#include <functional>

#include "lazulite/pipeline/schema.h"

namespace lazulite::gui {

namespace {

namespace fs = std::filesystem;

fs::path folderOf(const pipeline::Config& config) {
    return fs::path(config.path).parent_path();
}

/// Changes every path in a value: a text, or a table of them.
void changePaths(pipeline::Value& value, const std::function<std::string(const std::string&)>& change) {
    if (const auto* text = value.get<std::string>()) {
        value = pipeline::Value(change(*text));
    } else if (const auto* table = value.get<pipeline::Value::Table>()) {
        pipeline::Value::Table changed = *table;
        for (pipeline::Setting& entry : changed) changePaths(entry.value, change);
        value = pipeline::Value(std::move(changed));
    }
}

bool mayBePath(const pipeline::ParameterSchema* parameter, const pipeline::Value& value) {
    if (parameter == nullptr) return false;
    if (parameter->kind == pipeline::ParameterKind::Path) {
        const auto* word = value.get<std::string>();
        return word == nullptr || std::ranges::find(parameter->words, *word) == parameter->words.end();
    }
    return parameter->kind == pipeline::ParameterKind::Shifts && value.get<std::string>() != nullptr;
}

} // namespace

std::string fileOf(const pipeline::Config& config, const std::string& path) {
    if (path.empty() || fs::path(path).is_absolute()) return path;
    return (folderOf(config) / path).lexically_normal().string();
}

std::string pathInConfig(const pipeline::Config& config, const std::string& file) {
    if (config.path.empty() || file.empty()) return file;
    const fs::path relative = fs::path(file).lexically_relative(folderOf(config));
    const bool below = !relative.empty() && *relative.begin() != "..";
    return below ? relative.string() : file;
}

pipeline::Config movedTo(pipeline::Config config, const std::string& path) {
    const bool elsewhere = !config.path.empty() && folderOf(config) != fs::path(path).parent_path();
    if (elsewhere) {
        const auto change = [&](const std::string& old) {
            if (fs::path(old).is_absolute()) return old;
            return fs::path(fileOf(config, old)).lexically_relative(fs::path(path).parent_path()).string();
        };
        for (pipeline::Step& step : config.steps) {
            const pipeline::StepSchema* schema = pipeline::findStep(step.op);
            for (pipeline::Setting& setting : step.settings) {
                const auto* parameter = schema != nullptr ? schema->find(setting.key) : nullptr;
                if (mayBePath(parameter, setting.value)) changePaths(setting.value, change);
            }
        }
    }
    config.path = path;
    return config;
}

} // namespace lazulite::gui
