#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "config_format.h"
#include "lazulite/core/spelling.h"
#include "lazulite/core/units.h"
#include "lazulite/pipeline/config.h"
#include "lazulite/pipeline/schema.h"
#include "schema_check.h"
#include "toml_document.h"
#include "toml_scan.h"

namespace lazulite::pipeline {

namespace {

constexpr std::size_t kMostMessages = 100;
const std::vector<std::string> kTopKeys{"pipeline", "step", "view"};
const std::vector<std::string> kPipelineKeys{"name", "version"};
const std::vector<std::string> kCommonKeys{"op", "label", "enabled", "channels"};
const std::vector<std::string> kViewKeys{"ndisplay", "contrast-limits", "scale"};

std::string didYouMean(const std::string& guess) {
    return guess.empty() ? "" : fmt::format("; did you mean `{}`?", guess);
}

/// The names in lower case with hyphens, as keys are written here.
std::string asKey(std::string name) {
    for (char& c : name) c = c == '_' || c == ' ' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return name;
}

std::string listOf(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

class Reader {
public:
    Reader(const std::string& text, const std::string& path) : text_(text) {
        result_.config.path = path;
        result_.config.text = std::make_shared<const std::string>(text);
    }

    Parsed run() {
        if (refused()) return std::move(result_);
        TomlDocument document = readToml(text_);
        for (const Mistake& mistake : document.mistakes) add(mistake.place, mistake.text);
        findBrokenSteps(document.brokenLines);
        for (const Setting& entry : document.root) {
            if (entry.key == "pipeline") {
                readPipeline(entry);
            } else if (entry.key == "step") {
                readSteps(entry);
            } else if (entry.key == "view") {
                readView(entry);
            } else {
                unknownTop(entry);
            }
        }
        std::stable_sort(result_.messages.begin(), result_.messages.end(), [](const Message& a, const Message& b) {
            return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
        });
        if (result_.messages.size() > kMostMessages) {
            const std::size_t more = result_.messages.size() - kMostMessages;
            result_.messages.resize(kMostMessages);
            add(result_.messages.back().place, fmt::format("... and {} more mistakes", more));
        }
        return std::move(result_);
    }

private:
    void add(Place place, std::string text, std::size_t step = Message::npos, std::string key = {}) {
        result_.messages.push_back({result_.config.path, place, std::move(text), step, std::move(key)});
    }

    /// What is no config at all is not looked at any further.
    bool refused() {
        if (text_.size() > kLargestConfig) {
            add({1, 1}, fmt::format("this is no pipeline config: it has {}, and a config has {} at most",
                                    bytesText(text_.size()), bytesText(kLargestConfig)));
            return true;
        }
        const std::size_t zero = text_.find('\0');
        if (zero == std::string::npos) return false;
        add(placeOf(text_, zero), "this is no pipeline config: it holds binary data; a config is a text in TOML");
        return true;
    }

    /// Steps that hold a statement which could not be read: what seems to be missing there may be in it.
    void findBrokenSteps(const std::vector<int>& brokenLines) {
        if (brokenLines.empty()) return;
        const Scan scan = scanToml(text_);
        for (const int line : brokenLines) {
            int head = 0;
            for (const Statement& statement : scan.statements) {
                if (statement.line > line) break;
                if (statement.kind == Statement::Kind::TableList) head = statement.line;
            }
            brokenSteps_.insert(head);
        }
    }

    void unknownTop(const Setting& entry) {
        if (std::find(kTopKeys.begin(), kTopKeys.end(), asKey(entry.key)) != kTopKeys.end() || entry.key == "steps") {
            const std::string name = entry.key == "steps" ? "step" : asKey(entry.key);
            return add(entry.place, fmt::format("unknown table `{}`{}", entry.key, didYouMean(name)));
        }
        if (entry.value.get<Value::Table>() == nullptr && entry.value.get<Value::List>() == nullptr) {
            return add(entry.place,
                       fmt::format("`{}` stands outside of any table; parameters belong below a [[step]]", entry.key));
        }
        if (findStep(asKey(entry.key)) != nullptr) {
            return add(entry.place,
                       fmt::format("unknown table `{0}`; a step is written [[step]] with op = \"{1}\" below", entry.key,
                                   asKey(entry.key)));
        }
        const std::string guess = nearest(entry.key, kTopKeys);
        add(entry.place,
            fmt::format("unknown table `{}`{}", entry.key,
                        guess.empty() ? "; there are [pipeline], [[step]] and [view]" : didYouMean(guess)));
    }

    void unknownKey(const Setting& entry, const std::string& where, const std::vector<std::string>& known,
                    std::size_t step = Message::npos) {
        const std::string guess = nearest(asKey(entry.key), known);
        add(entry.place,
            fmt::format("unknown key `{}` {}{}", entry.key, where,
                        guess.empty() ? fmt::format("; it takes {}", listOf(known)) : didYouMean(guess)),
            step, entry.key);
    }

    void readPipeline(const Setting& entry) {
        const auto* table = entry.value.get<Value::Table>();
        if (table == nullptr) return add(entry.place, "write [pipeline], with one pair of brackets");
        for (const Setting& setting : *table) {
            if (setting.key == "name") {
                if (const auto* name = setting.value.get<std::string>()) {
                    result_.config.name = *name;
                } else {
                    add(setting.value.place(),
                        fmt::format("`name` is a text in quotes, not {}", kindOf(setting.value)));
                }
            } else if (setting.key == "version") {
                checkVersion(setting.value);
            } else if (setting.key == "step") {
                add(setting.place, "steps stand on their own: write [[step]], not below [pipeline]");
            } else {
                unknownKey(setting, "of [pipeline]", kPipelineKeys);
            }
        }
    }

    void checkVersion(const Value& value) {
        const auto* version = value.get<std::int64_t>();
        if (version == nullptr) {
            return add(value.place(), fmt::format("`version` is a whole number, not {}", kindOf(value)));
        }
        if (*version == kConfigVersion) return;
        if (*version > kConfigVersion) {
            return add(value.place(), fmt::format("this config is of version {}, and this Lazulite reads version {}; a "
                                                  "newer Lazulite is needed",
                                                  *version, kConfigVersion));
        }
        add(value.place(),
            fmt::format("there is no version {} of configs; write version = {}", *version, kConfigVersion));
    }

    void readSteps(const Setting& entry) {
        const auto* list = entry.value.get<Value::List>();
        if (list == nullptr) return add(entry.place, "write [[step]], with two pairs of brackets, for each step");
        for (const Value& item : *list) {
            const auto* table = item.get<Value::Table>();
            if (table == nullptr) {
                add(item.place(), fmt::format("a step is a table, not {}; write [[step]]", kindOf(item)));
                continue;
            }
            readStep(item.place(), *table);
        }
    }

    void readStep(Place place, const Value::Table& table) {
        const std::size_t index = result_.config.steps.size();
        Step& step = result_.config.steps.emplace_back();
        step.source = index;
        step.place = place;
        const StepSchema* schema = readOp(step, table, index);
        for (const Setting& setting : table) {
            if (setting.key == "op") continue;
            if (setting.key == "label") {
                if (const auto* label = setting.value.get<std::string>()) {
                    step.label = *label;
                } else {
                    add(setting.value.place(),
                        fmt::format("`label` is a text in quotes, not {}", kindOf(setting.value)), index, "label");
                }
            } else if (setting.key == "enabled") {
                if (const auto* enabled = setting.value.get<bool>()) {
                    step.enabled = *enabled;
                } else {
                    add(setting.value.place(), fmt::format("`enabled` is true or false, not {}", kindOf(setting.value)),
                        index, "enabled");
                }
            } else if (setting.key == "channels") {
                readChannels(step, setting.value, index);
            } else if (setting.key == "step" || setting.key == "view" || setting.key == "pipeline") {
                add(setting.place, fmt::format("`{}` does not belong inside of a step", setting.key), index,
                    setting.key);
            } else {
                step.settings.push_back(setting);
                if (schema != nullptr) checkSetting(*schema, setting, index);
            }
        }
        if (schema != nullptr && !brokenSteps_.contains(place.line)) checkMissing(*schema, step, index);
    }

    const StepSchema* readOp(Step& step, const Value::Table& table, std::size_t index) {
        std::vector<std::string> names;
        for (const StepSchema& schema : stepSchemas()) names.push_back(schema.op);
        const Value* op = findIn(table, "op");
        if (op == nullptr) {
            if (!brokenSteps_.contains(step.place.line)) {
                add(step.place,
                    fmt::format("this step does not say what it does; write op = \"...\": one of {}", listOf(names)),
                    index);
            }
            return nullptr;
        }
        step.place = op->place();
        const auto* name = op->get<std::string>();
        if (name == nullptr) {
            add(op->place(), fmt::format("`op` is the name of a step in quotes, not {}", kindOf(*op)), index, "op");
            return nullptr;
        }
        step.op = *name;
        const StepSchema* schema = findStep(*name);
        if (schema == nullptr) {
            const std::string guess = stepMeant(asKey(*name), names);
            add(op->place(),
                fmt::format("unknown step \"{}\"{}", *name,
                            guess.empty() ? fmt::format("; there are {}", listOf(names))
                                          : fmt::format("; did you mean \"{}\"?", guess)),
                index, "op");
        }
        return schema;
    }

    static std::string stepMeant(const std::string& name, std::vector<std::string> names) {
        for (const StepSchema& schema : stepSchemas()) {
            if (std::find(schema.knownAs.begin(), schema.knownAs.end(), name) != schema.knownAs.end()) return schema.op;
            names.insert(names.end(), schema.otherNames.begin(), schema.otherNames.end());
        }
        return nearest(name, names);
    }

    void readChannels(Step& step, const Value& value, std::size_t index) {
        const auto* list = value.get<Value::List>();
        if (list == nullptr || list->empty()) {
            return add(value.place(),
                       fmt::format("`channels` is a list of indices or labels such as [0, \"560 nm\"], not {}",
                                   list == nullptr ? kindOf(value) : "an empty list"),
                       index, "channels");
        }
        for (const Value& item : *list) {
            const auto* position = item.get<std::int64_t>();
            if ((position != nullptr && *position >= 0) || item.get<std::string>() != nullptr) {
                step.channels.push_back(item);
            } else {
                add(item.place(),
                    fmt::format("a channel is an index from 0 or a label in quotes, not {}", kindOf(item)), index,
                    "channels");
            }
        }
    }

    void checkSetting(const StepSchema& schema, const Setting& setting, std::size_t index) {
        const ParameterSchema* parameter = schema.find(setting.key);
        if (parameter == nullptr) return unknownParameter(schema, setting, index);
        ParameterSchema named = *parameter;
        named.key = setting.key;
        const auto mistakes = mistakesIn(named, setting.value);
        // Any key may be an axis; with a value that is none of an axis it is rather a common key, mistyped.
        const bool mistyped = schema.keysAreAxes && setting.key.size() > 1 && !mistakes.empty() &&
                              !nearest(asKey(setting.key), kCommonKeys).empty();
        if (mistyped) return unknownParameter(schema, setting, index);
        for (const Mistake& mistake : mistakes) add(mistake.place, mistake.text, index, setting.key);
    }

    void unknownParameter(const StepSchema& schema, const Setting& setting, std::size_t index) {
        std::vector<std::string> known;
        for (const ParameterSchema& parameter : schema.parameters) {
            known.push_back(parameter.key);
            const auto& others = parameter.knownAs;
            const bool meant = std::find(others.begin(), others.end(), setting.key) != others.end() ||
                               std::find(others.begin(), others.end(), asKey(setting.key)) != others.end();
            if (!meant) continue;
            return add(
                setting.place,
                fmt::format("unknown key `{}` of the step \"{}\"{}", setting.key, schema.op, didYouMean(parameter.key)),
                index, setting.key);
        }
        known.insert(known.end(), kCommonKeys.begin(), kCommonKeys.end());
        unknownKey(setting, fmt::format("of the step \"{}\"", schema.op), known, index);
    }

    void checkMissing(const StepSchema& schema, const Step& step, std::size_t index) {
        if (schema.keysAreAxes) {
            if (step.settings.empty()) {
                add(step.place,
                    fmt::format("the step \"{}\" names no axis; write one key an axis, such as z = {}", schema.op,
                                schema.parameters.front().kind == ParameterKind::Slice ? "\"2:\"" : "0"),
                    index);
            }
            return;
        }
        for (const ParameterSchema& parameter : schema.parameters) {
            if (!parameter.fallback.empty() || step.find(parameter.key) != nullptr) continue;
            add(step.place, fmt::format("the step \"{}\" needs `{}`: {}", schema.op, parameter.key, parameter.help),
                index, parameter.key);
        }
    }

    void readView(const Setting& entry) {
        const auto* table = entry.value.get<Value::Table>();
        if (table == nullptr) return add(entry.place, "write [view], with one pair of brackets");
        ViewSettings& view = result_.config.view;
        for (const Setting& setting : *table) {
            view.places[setting.key] = setting.value.place();
            if (setting.key == "ndisplay") {
                const auto* count = setting.value.get<std::int64_t>();
                if (count != nullptr && (*count == 2 || *count == 3)) {
                    view.ndisplay = static_cast<int>(*count);
                } else {
                    add(setting.value.place(),
                        fmt::format("`ndisplay` is 2 (a slice) or 3 (the volume), not {}", kindOf(setting.value)));
                }
            } else if (setting.key == "contrast-limits") {
                readLimits(setting.value);
            } else if (setting.key == "scale") {
                readScale(setting.value);
            } else {
                unknownKey(setting, "of [view]", kViewKeys);
            }
        }
    }

    void readLimits(const Value& value) {
        const auto* list = value.get<Value::List>();
        const bool several = list != nullptr && !list->empty() && list->front().get<Value::List>() != nullptr;
        if (!several) return readOneLimit(value);
        for (const Value& pair : *list) readOneLimit(pair);
    }

    void readOneLimit(const Value& value) {
        const auto* pair = value.get<Value::List>();
        const auto number = [&](std::size_t i) { return (*pair)[i].number(); };
        if (pair == nullptr || pair->size() != 2 || !number(0) || !number(1)) {
            return add(
                value.place(),
                fmt::format("`contrast-limits` is [LOW, HIGH], or one such pair a channel, not {}", kindOf(value)));
        }
        if (!(*number(0) < *number(1)) || !std::isfinite(*number(1) - *number(0))) {
            return add(value.place(), fmt::format("`contrast-limits`: the first number must be the smaller one, not {}",
                                                  value.toml()));
        }
        result_.config.view.contrastLimits.push_back({*number(0), *number(1)});
    }

    void readScale(const Value& value) {
        const auto* table = value.get<Value::Table>();
        if (table == nullptr || table->empty()) {
            return add(
                value.place(),
                fmt::format("`scale` is a table of axes such as {{ z = 3, y = 1, x = 1 }}, not {}", kindOf(value)));
        }
        for (const Setting& axis : *table) {
            const auto size = axis.value.number();
            if (size && *size > 0 && std::isfinite(*size)) {
                result_.config.view.scale[axis.key] = *size;
                result_.config.view.places["scale." + axis.key] = axis.place;
            } else {
                add(axis.value.place(), fmt::format("`scale`: the size of {} must be a positive number, not {}",
                                                    axis.key, kindOf(axis.value)));
            }
        }
    }

    const std::string& text_;
    std::set<int> brokenSteps_; ///< lines of their heads
    Parsed result_;
};

} // namespace

Parsed parseConfig(const std::string& text, const std::string& path) {
    return Reader(text, path).run();
}

} // namespace lazulite::pipeline
