#pragma once

#include <optional>
#include <string>

#include "lazulite/pipeline/schema.h"

namespace lazulite::gui {

/// The value of a parameter as a line of text that people edit: a slice, a path, numbers with commas between them.
std::string textOf(const pipeline::ParameterSchema& parameter, const pipeline::Value& value);

/// What such a line says, checked against the schema.
struct TypedValue {
    std::optional<pipeline::Value> value; ///< nothing: it is empty, the default holds
    std::string mistake;                  ///< what is wrong with it; the value is what could be understood
};
TypedValue typedValue(const pipeline::ParameterSchema& parameter, const std::string& text);

/// The default as it is shown where nothing is set: "0", "from the data", "required".
std::string fallbackText(const pipeline::ParameterSchema& parameter);

/// The number that a default is, or nothing where it is said in words.
std::optional<double> fallbackNumber(const pipeline::ParameterSchema& parameter);

} // namespace lazulite::gui
