#include "random_config.h"

#include <algorithm>
#include <cmath>

#include "lazulite/pipeline/schema.h"

namespace lazulite::pipeline {

/// A value that a parameter takes.
struct RandomConfigs::Values {
    RandomConfigs& configs;
    const ParameterSchema& parameter;

    Value any() {
        if (parameter.perChannel && configs.chance(30)) {
            Value::Table table;
            for (std::size_t i = 0; i <= configs.below(3); ++i) table.push_back({"ch" + std::to_string(i), one()});
            if (configs.chance(30)) table.push_back({"488 nm \"" + configs.word(), one()});
            return table;
        }
        return one();
    }

    Value one() {
        switch (parameter.kind) {
            case ParameterKind::Number:
                if (!parameter.words.empty() && configs.chance(30)) return parameter.words[0];
                return number(false);
            case ParameterKind::Integer:
                return number(true);
            case ParameterKind::Timepoint:
                if (!parameter.words.empty() && configs.chance(50)) return parameter.words[0];
                return static_cast<std::int64_t>(configs.below(9));
            case ParameterKind::Boolean:
                return configs.chance(50);
            case ParameterKind::Text:
            case ParameterKind::Path:
            case ParameterKind::Expression:
                return configs.word();
            case ParameterKind::Choice:
                return parameter.words[configs.below(parameter.words.size())];
            case ParameterKind::Slice:
                return configs.chance(50) ? "2:" : "10:-20";
            case ParameterKind::Vector:
                if (parameter.oneForAll && configs.chance(40)) return number(false);
                return three(false);
            case ParameterKind::Counts:
                return three(true);
            case ParameterKind::Matrix:
                return Value::List{four(), four(), four()};
            case ParameterKind::Names:
                return Value::List{"z", configs.word() + "y"};
            case ParameterKind::Shifts:
                if (configs.chance(30)) return configs.word();
                return Value::List{three(false), three(false)};
            case ParameterKind::Dtype:
                return configs.chance(50) ? "uint16" : "float32";
            case ParameterKind::Position:
                if (configs.chance(50)) return configs.word();
                return static_cast<std::int64_t>(configs.below(9)) - 4;
        }
        return 0;
    }

    Value number(bool whole) {
        const double low = parameter.low.value_or(-1000);
        const double high = parameter.high.value_or(1000);
        const double value = configs.between(low, high);
        if (whole || (configs.chance(30) && std::ceil(low) <= high)) {
            return static_cast<std::int64_t>(std::clamp(std::round(value), std::ceil(low), std::floor(high)));
        }
        return value;
    }
    Value three(bool whole) { return Value::List{number(whole), number(whole), number(whole)}; }
    Value four() { return Value::List{number(false), number(false), number(false), number(true)}; }
};

std::string RandomConfigs::word() {
    static const std::vector<std::string> kParts{"a",  "psf", ".tif", "/",    "..", "\"",  "\\", " ",       "#",
                                                 "\t", "\n",  "é",    "\x1B", "]",  "= 1", "'",  "[[step]]"};
    std::string text = "x";
    for (std::size_t i = below(6); i > 0; --i) text += kParts[below(kParts.size())];
    return text;
}

double RandomConfigs::between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
}

Step RandomConfigs::step() {
    const StepSchema& schema = stepSchemas()[below(stepSchemas().size())];
    Step step{.op = schema.op};
    if (!schema.otherNames.empty() && chance(50)) step.op = schema.otherNames.front();
    if (chance(20)) step.label = word();
    step.enabled = !chance(20);
    if (chance(20)) step.channels = {static_cast<std::int64_t>(below(3)), word()};
    for (const ParameterSchema& parameter : schema.parameters) {
        if (schema.keysAreAxes) {
            for (const char* axis : {"t", "z", "x", "my axis"}) {
                if (step.settings.empty() || chance(40))
                    step.settings.push_back({axis, Values{*this, parameter}.any()});
            }
        } else if (parameter.fallback.empty() || chance(40)) {
            step.settings.push_back({parameter.key, Values{*this, parameter}.any()});
        }
    }
    std::shuffle(step.settings.begin(), step.settings.end(), random_);
    return step;
}

Config RandomConfigs::config() {
    Config config;
    if (chance(70)) config.name = word();
    for (std::size_t i = below(6); i > 0; --i) config.steps.push_back(step());
    if (chance(40)) config.view.ndisplay = chance(50) ? 2 : 3;
    if (chance(40))
        config.view.contrastLimits.assign(1 + below(3), {between(-5, 0), static_cast<double>(below(9) + 1)});
    if (chance(40)) config.view.scale = {{"z", between(0.1, 9)}, {"x", 1}, {"my axis", 2}};
    return config;
}

void RandomConfigs::change(Config& config) {
    auto& steps = config.steps;
    switch (below(9)) {
        case 0:
            steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(below(steps.size() + 1)), step());
            return;
        case 1:
            config.name = chance(30) ? "" : word();
            return;
        case 2:
            config.view = this->config().view;
            return;
        default:
            break;
    }
    if (steps.empty()) return;
    Step& chosen = steps[below(steps.size())];
    const Step other = step();
    switch (below(6)) {
        case 0:
            steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(below(steps.size())));
            return;
        case 1:
            std::swap(chosen, steps[below(steps.size())]);
            return;
        case 2:
            chosen.enabled = !chosen.enabled;
            return;
        case 3:
            chosen.label = chance(50) ? "" : word();
            return;
        case 4: // another step in the same place
            chosen.op = other.op;
            chosen.channels = other.channels;
            chosen.settings = other.settings;
            return;
        default: {
            const StepSchema& schema = *findStep(chosen.op);
            const ParameterSchema& parameter = schema.parameters[below(schema.parameters.size())];
            const std::string key = schema.keysAreAxes ? "y" : parameter.key;
            const bool needed = parameter.fallback.empty();
            if (!needed && chance(30)) return chosen.erase(key);
            chosen.set(key, Values{*this, parameter}.any());
        }
    }
}

} // namespace lazulite::pipeline
