#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "config_format.h"
#include "lazulite/core/error.h"
#include "lazulite/core/units.h"
#include "lazulite/io/output_files.h"
#include "lazulite/pipeline/config.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::pipeline {

namespace {

namespace fs = std::filesystem;

Failure failureAt(const fs::path& path, Error::Kind kind, std::string message) {
    return Failure(Error{kind, std::move(message), path.string(), {}});
}

/// A path that a step names, told from another folder.
std::string movedPath(const std::string& path, const fs::path& from, const fs::path& to) {
    if (fs::path(path).is_absolute()) return path;
    std::error_code error;
    const fs::path target = fs::weakly_canonical(from / path, error);
    if (error) return path;
    const fs::path moved = target.lexically_relative(to);
    return moved.empty() ? target.string() : moved.string();
}

Value movedPaths(const Value& value, const fs::path& from, const fs::path& to) {
    if (const auto* path = value.get<std::string>()) return movedPath(*path, from, to);
    if (const auto* table = value.get<Value::Table>()) {
        Value::Table moved = *table;
        for (Setting& entry : moved) entry.value = movedPaths(entry.value, from, to);
        return moved;
    }
    return value;
}

/// The same files, named from the folder of `path`.
Config movedTo(Config config, const std::string& path) {
    std::error_code error;
    const fs::path to = fs::weakly_canonical(fs::absolute(path).parent_path(), error);
    if (!config.path.empty()) {
        const fs::path from = fs::weakly_canonical(fs::absolute(config.path).parent_path(), error);
        for (Step& step : config.steps) {
            const StepSchema* schema = findStep(step.op);
            for (Setting& setting : step.settings) {
                const ParameterSchema* parameter = schema == nullptr ? nullptr : schema->find(setting.key);
                if (parameter == nullptr || from == to) continue;
                if (parameter->kind != ParameterKind::Path && parameter->kind != ParameterKind::Shifts) continue;
                setting.value = movedPaths(setting.value, from, to);
            }
        }
    }
    config.path = path;
    return config;
}

} // namespace

Parsed loadConfig(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) throw failureAt(path, Error::Kind::Missing, "there is no such pipeline config");
    if (fs::is_directory(status))
        throw failureAt(path, Error::Kind::BadArgument, "is a folder; name a pipeline config");
    if (!fs::is_regular_file(status))
        throw failureAt(path, Error::Kind::BadArgument, "is no file with a pipeline config");
    const std::uintmax_t size = fs::file_size(path, error);
    if (!error && size > kLargestConfig) {
        throw failureAt(path, Error::Kind::TooLarge,
                        fmt::format("is no pipeline config: it has {}, and a config has {} at most", bytesText(size),
                                    bytesText(kLargestConfig)));
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(kLargestConfig + 1, '\0');
    if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof()) throw failureAt(path, Error::Kind::Unreadable, "cannot be read; are you allowed to?");
    text.resize(static_cast<std::size_t>(file.gcount()));
    return parseConfig(text, path);
}

Config saveConfig(const Config& config, const std::string& path) {
    const Config moved = movedTo(config, path);
    const std::string text = writeConfig(moved).text;
    std::error_code error;
    const fs::file_status before = fs::status(path, error);
    io::writeFile(path, text);
    if (fs::is_regular_file(before)) fs::permissions(path, before.permissions(), error); // as far as the system allows
    return parseConfig(text, path).config;
}

} // namespace lazulite::pipeline
