#pragma once

#include "lazulite/pipeline/schema.h"
#include "toml_document.h"

namespace lazulite::pipeline {

/// Everything that is wrong with a value, each at its place.
std::vector<Mistake> mistakesIn(const ParameterSchema& parameter, const Value& value);

/// "an integer", "a text", "a list": what a value is, for messages.
std::string kindOf(const Value& value);

} // namespace lazulite::pipeline
