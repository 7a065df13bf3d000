#include "lazulite/pipeline/schema.h"

#include <algorithm>
#include <iterator>

#include "schema_table.h"

namespace lazulite::pipeline {

namespace {

std::vector<StepSchema> makeTable() {
    std::vector<StepSchema> table;
    for (auto part : {geometrySchemas, restorationSchemas, intensitySchemas, axesSchemas}) {
        std::vector<StepSchema> steps = part();
        std::move(steps.begin(), steps.end(), std::back_inserter(table));
    }
    return table;
}

} // namespace

const ParameterSchema* StepSchema::find(const std::string& key) const {
    if (keysAreAxes) return &parameters.front();
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const ParameterSchema& parameter) { return parameter.key == key; });
    return found == parameters.end() ? nullptr : &*found;
}

const std::vector<StepSchema>& stepSchemas() {
    static const std::vector<StepSchema> table = makeTable();
    return table;
}

const StepSchema* findStep(const std::string& op) {
    for (const StepSchema& step : stepSchemas()) {
        if (step.op == op) return &step;
        if (std::find(step.otherNames.begin(), step.otherNames.end(), op) != step.otherNames.end()) return &step;
    }
    return nullptr;
}

Config geometryOnly(const Config& config) {
    Config result = config;
    for (Step& step : result.steps) {
        const StepSchema* schema = findStep(step.op);
        if (schema != nullptr && schema->space == Space::Values) step.enabled = false;
    }
    return result;
}

} // namespace lazulite::pipeline
