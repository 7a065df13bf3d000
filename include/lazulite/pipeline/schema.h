#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lazulite/pipeline/config.h"

/// What steps there are and what they take: one table that configs are checked against, the window makes its widgets
/// from, and docs/pipelines.md is compared with.
namespace lazulite::pipeline {

enum class ParameterKind {
    Number,
    Integer,
    Boolean,
    Text,
    Choice, ///< one of `words`
    Path,   ///< of a file, relative to the config
    Slice,  ///< "2:", "10:-20" as in NumPy
    Vector, ///< [z, y, x]
    Counts, ///< [z, y, x] of whole numbers
    Matrix, ///< 4 x 4, or 3 x 4
    Names,  ///< a list of axes
    Shifts, ///< a list of [z, y, x], or the path of a table
    Dtype,  ///< an element type by NumPy's name
    Expression,
    Timepoint, ///< an index of axis t
    Position,  ///< an index of an axis (negative: from the end), or a label
};

/// What a step does to the place of a voxel.
enum class Space {
    Values,   ///< nothing: values change in their place
    Geometry, ///< voxels come to lie elsewhere, or are of another size or number
    Axes,     ///< axes or channels come, go or change places
};

struct ParameterSchema {
    std::string key;
    ParameterKind kind = ParameterKind::Number;
    std::string unit{};          ///< "um", "degrees", "counts"; empty: none
    std::optional<double> low{}; ///< the least and the largest value
    std::optional<double> high{};
    std::vector<std::string> words{};   ///< words that are allowed: all of a Choice, or instead of a number ("auto")
    std::string fallback{};             ///< the default as in a config, or in words ("from the data"); empty: required
    std::string help{};                 ///< one line
    std::string origin{};               ///< where name, formula or default come from, empty where they are ours
    bool perChannel = false;            ///< may also be a table of channel -> value
    bool oneForAll = false;             ///< of Vector and Counts: one number stands for all three
    std::vector<std::string> knownAs{}; ///< its names in other programs, to guess what was meant
};

struct StepSchema {
    std::string op;
    std::string help{};                 ///< one line
    std::vector<std::string> knownAs{}; ///< its names in other programs, to guess what was meant
    Space space = Space::Values;
    bool needsDepth = false; ///< needs stacks
    std::vector<ParameterSchema> parameters{};
    std::vector<std::string> otherNames{}; ///< of op
    bool keysAreAxes = false;              ///< one key an axis: the only entry of parameters stands for all of them

    /// The parameter of that key, or null.
    const ParameterSchema* find(const std::string& key) const;
};

/// In the order of the documentation.
const std::vector<StepSchema>& stepSchemas();
/// The step of that name (or other name), or null.
const StepSchema* findStep(const std::string& op);

/// The same config with the steps switched off that only change values: what lies at a place before and after it is the
/// same place of the specimen.
Config geometryOnly(const Config& config);

/// The part of docs/pipelines.md that tells all steps and parameters, as Markdown.
std::string schemaText();

/// What is wrong with a value of a parameter, or nothing.
std::optional<std::string> mistakeIn(const ParameterSchema& parameter, const Value& value);

} // namespace lazulite::pipeline
