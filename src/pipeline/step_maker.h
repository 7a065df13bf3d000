#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/io/file_series.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/pipeline/config.h"
#include "lazulite/pipeline/schema.h"

/// From a step of a config to an operation on an array.
namespace lazulite::pipeline {

using graph::LazyArray;

/// A deskew, which a rotation directly behind it takes into its own interpolation.
struct Deskewed {
    LazyArray from;
    ops::DeskewOptions options;
};

/// What the making of a chain knows besides the step at hand.
struct Surroundings {
    const Config& config;
    const io::ScanSettings& scan;
    Messages messages{};
    std::vector<std::string> sources{};    ///< files that were named by steps and found
    std::optional<double> skewAngle{};     ///< that a deskew of the config says
    std::optional<std::string> skewAxis{}; ///< likewise
    bool skewed = true;                    ///< no step yet has deskewed all channels
    std::optional<Deskewed> deskewed{};    ///< where the step before was a deskew of all channels

    /// The angle of a step that does not say it.
    double angle() const;
};

/// One step about to be applied to an array, with typed access to its parameters. Tables of channels are resolved
/// already: every parameter has one value, or none where the step does not say it.
class StepInput {
public:
    StepInput(Surroundings& surroundings, const Step& step, std::size_t index, LazyArray array)
        : surroundings(surroundings), step(step), array(std::move(array)), index_(index) {}

    Surroundings& surroundings;
    const Step& step;
    LazyArray array;
    std::string note{}; ///< what a user should know of what was done

    /// Says what is wrong with a parameter, or with the step where it says nothing for it.
    void mistake(const std::string& key, const std::string& text);
    void mistake(Place place, const std::string& key, const std::string& text);

    bool has(const std::string& key) const { return step.find(key) != nullptr; }
    std::optional<double> number(const std::string& key) const;
    double number(const std::string& key, double otherwise) const { return number(key).value_or(otherwise); }
    std::int64_t integer(const std::string& key, std::int64_t otherwise) const;
    bool boolean(const std::string& key, bool otherwise) const;
    std::string text(const std::string& key, const std::string& otherwise) const;
    std::vector<std::string> names(const std::string& key) const;
    /// [z, y, x], or one number for all three.
    std::optional<std::array<double, 3>> vector(const std::string& key) const;
    std::array<std::int64_t, 3> counts(const std::string& key, std::int64_t otherwise) const;
    /// The timepoint that a parameter means; where the data have none such the mistake is said.
    std::optional<std::int64_t> timepoint(const std::string& key, std::int64_t otherwise);
    /// Where a byte of a parameter's text stands in the config.
    Place placeIn(const std::string& key, std::size_t offset) const;
    /// The axis of that name; where there is none the mistake is said.
    std::optional<std::size_t> axis(const std::string& name, Place place, const std::string& key);

private:
    std::size_t index_;
};

/// Makes the result of a step. Where there are mistakes they are left in the surroundings, and what is returned means
/// nothing. May throw Failure as the operation does.
using StepMaker = LazyArray (*)(StepInput& input);

/// The makers of groups of steps by the name of the schema's op; null where it is of another group.
StepMaker axesMaker(std::string_view op);
StepMaker geometryMaker(std::string_view op);
StepMaker intensityMaker(std::string_view op);
StepMaker restorationMaker(std::string_view op);

/// "t, c, z, y, x"
std::string namesOf(const Axes& axes);

} // namespace lazulite::pipeline
