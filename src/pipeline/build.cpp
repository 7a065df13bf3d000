#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "channels.h"
#include "lazulite/core/error.h"
#include "lazulite/core/spelling.h"
#include "lazulite/graph/operation.h"
#include "lazulite/ops/channels.h"
#include "lazulite/pipeline/pipeline.h"
#include "lazulite/pipeline/schema.h"
#include "step_maker.h"

namespace lazulite::pipeline {

namespace {

StepMaker makerOf(std::string_view op) {
    for (auto group : {axesMaker, geometryMaker, intensityMaker, restorationMaker}) {
        if (const StepMaker maker = group(op)) return maker;
    }
    return nullptr;
}

/// The computations between an array and those that it was made of.
void collectComputations(const LazyArray& array, const std::set<graph::Fingerprint>& before,
                         std::set<graph::Fingerprint>& seen, std::vector<graph::Fingerprint>& found) {
    if (array.operation() == nullptr || before.contains(array.fingerprint())) return;
    if (!seen.insert(array.fingerprint()).second) return;
    for (const LazyArray& input : array.inputs()) collectComputations(input, before, seen, found);
    if (array.operation()->asCompute() != nullptr) found.push_back(array.fingerprint());
}

/// Whether a step has the parameters without which it cannot be made.
bool isComplete(const StepSchema& schema, const Step& step) {
    if (schema.keysAreAxes) return !step.settings.empty();
    return std::all_of(schema.parameters.begin(), schema.parameters.end(), [&](const ParameterSchema& parameter) {
        return !parameter.fallback.empty() || step.find(parameter.key) != nullptr;
    });
}

void sortByPlace(Messages& messages) {
    std::stable_sort(messages.begin(), messages.end(), [](const Message& a, const Message& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
}

/// The channels that a step is for; all: without telling them apart.
struct ChannelChoice {
    bool all = true;
    std::vector<std::int64_t> channels{};
};

class Builder {
public:
    Builder(const Config& config, const LazyArray& raw, const io::ScanSettings& scan)
        : surroundings_{.config = config, .scan = scan} {
        pipeline_.config = config;
        pipeline_.raw = raw;
        before_.insert(raw.fingerprint());
        for (const Step& step : config.steps) {
            if (!step.enabled || !isDeskew(step)) continue;
            const Value* angle = step.find("angle");
            if (angle != nullptr && !surroundings_.skewAngle) surroundings_.skewAngle = angle->number();
            const auto* axis = step.find("axis") != nullptr ? step.find("axis")->get<std::string>() : nullptr;
            if (axis != nullptr && !surroundings_.skewAxis) surroundings_.skewAxis = *axis;
        }
    }

    Built run() {
        LazyArray array = pipeline_.raw;
        bool axesKnown = true; // not behind a step that failed to change them
        for (std::size_t i = 0; i < pipeline_.config.steps.size(); ++i) {
            const Step& step = pipeline_.config.steps[i];
            Stage stage{.step = i, .array = array};
            if (step.enabled && axesKnown) {
                const std::size_t mistakes = surroundings_.messages.size();
                LazyArray result = apply(step, i, array, stage.note);
                if (surroundings_.messages.size() == mistakes) {
                    stage.array = array = std::move(result);
                } else {
                    const StepSchema* schema = findStep(step.op);
                    axesKnown = schema != nullptr && schema->space != Space::Axes;
                }
                std::set<graph::Fingerprint> seen;
                collectComputations(stage.array, before_, seen, stage.computations);
                before_.insert(stage.array.fingerprint());
            }
            pipeline_.stages.push_back(std::move(stage));
        }
        if (axesKnown) checkView(array);
        pipeline_.sources = std::move(surroundings_.sources);
        sortByPlace(surroundings_.messages);
        return {std::move(pipeline_), std::move(surroundings_.messages)};
    }

private:
    static Place placeIn(const ViewSettings& view, const std::string& key) {
        const auto place = view.places.find(key);
        return place == view.places.end() ? Place{} : place->second;
    }

    static bool isDeskew(const Step& step) { return step.op == "deskew" || step.op == "deskew-rotate"; }

    void add(Place place, std::string text, std::size_t step = Message::npos, std::string key = {}) {
        surroundings_.messages.push_back({pipeline_.config.path, place, std::move(text), step, std::move(key)});
    }

    LazyArray apply(const Step& step, std::size_t index, const LazyArray& array, std::string& note) {
        const StepSchema* schema = findStep(step.op);
        const StepMaker maker = schema == nullptr ? nullptr : makerOf(schema->op);
        if (maker == nullptr) {
            if (!step.op.empty()) add(step.place, fmt::format("unknown step \"{}\"", step.op), index, "op");
            return array; // one without a name was told when the config was read
        }
        if (schema->needsDepth && !hasDepth(*schema, step, index, array)) return array;
        const std::size_t mistakes = surroundings_.messages.size();
        const ChannelChoice choice = chooseChannels(*schema, step, index, array);
        if (choice.channels.empty()) return array;
        try {
            std::map<std::int64_t, std::string> notes;
            const auto make = [&](const Step& resolved, const LazyArray& part, std::int64_t channel) {
                StepInput input(surroundings_, resolved, index, part);
                LazyArray result = maker(input);
                notes[channel] = input.note;
                return result;
            };
            LazyArray result =
                choice.all ? make(step, array, 0)
                           : ops::onChannels(array, choice.channels, [&](const LazyArray& part, std::int64_t channel) {
                                 return make(resolvedFor(step, array.axes(), channel), part, channel);
                             });
            note = asOneNote(notes, array.axes());
            if (schema->op != "deskew" || !choice.all) surroundings_.deskewed.reset();
            if (isDeskew(step) && choice.all) surroundings_.skewed = false;
            return result;
        } catch (const Failure& failure) { // unless it only says again what was said at its place
            if (surroundings_.messages.size() == mistakes) add(step.place, failure.what(), index);
            return array;
        }
    }

    /// The notes of channels: once where they are the same, else each with its channel's name.
    static std::string asOneNote(const std::map<std::int64_t, std::string>& notes, const Axes& axes) {
        const bool same = std::all_of(notes.begin(), notes.end(),
                                      [&](const auto& other) { return other.second == notes.begin()->second; });
        if (same) return notes.empty() ? std::string() : notes.begin()->second;
        std::string all;
        for (const auto& [channel, note] : notes) {
            if (!note.empty())
                all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", channelName(axes, channel), note);
        }
        return all;
    }

    /// Which channels a step is for, without those that a mistake is told of: what is wrong for the others is told too.
    ChannelChoice chooseChannels(const StepSchema& schema, const Step& step, std::size_t index,
                                 const LazyArray& array) {
        ChannelChoice choice;
        choice.all = step.channels.empty();
        if (!choice.all && schema.space == Space::Axes) {
            add(step.channels.front().place(),
                fmt::format("the step \"{}\" is for all channels together; leave out `channels`", schema.op), index,
                "channels");
            return choice;
        }
        for (const Value& name : step.channels) {
            const auto channel = channelOf(array.axes(), name);
            if (channel) {
                choice.channels.push_back(*channel);
            } else {
                add(name.place(), channel.error().message, index, "channels");
            }
        }
        if (choice.all) {
            const auto axis = channelAxis(array.axes());
            choice.channels.resize(static_cast<std::size_t>(axis ? array.axes()[*axis].size : 1));
            std::iota(choice.channels.begin(), choice.channels.end(), 0);
        }
        for (const Setting& setting : step.settings) {
            const auto* table = setting.value.get<Value::Table>();
            if (table == nullptr) continue;
            choice.all = false;
            checkTable(schema, setting, *table, choice.channels, index, array);
        }
        return choice;
    }

    /// A table of channels must name channels that there are, each once, and all that the step is for where it needs
    /// the parameter. Takes those away that it may have meant and does not name.
    void checkTable(const StepSchema& schema, const Setting& setting, const Value::Table& table,
                    std::vector<std::int64_t>& channels, std::size_t index, const LazyArray& array) {
        std::set<std::int64_t> named;
        bool understood = true;
        for (const Setting& entry : table) {
            const auto channel = channelOf(array.axes(), Value(entry.key));
            understood = understood && channel;
            if (!channel) {
                add(entry.place, fmt::format("`{}`: {}", setting.key, channel.error().message), index, setting.key);
            } else if (!named.insert(*channel).second) {
                add(entry.place, fmt::format("`{}`: channel {} is named twice", setting.key, *channel), index,
                    setting.key);
            }
        }
        const ParameterSchema* parameter = schema.find(setting.key);
        const bool needed = parameter != nullptr && parameter->fallback.empty();
        std::erase_if(channels, [&](std::int64_t channel) {
            if (named.contains(channel)) return false;
            if (!needed) return !understood;
            add(setting.value.place(),
                fmt::format(
                    "`{0}` says nothing for channel {1}; add ch{1} = ..., or limit the step with channels = [...]",
                    setting.key, channel),
                index, setting.key);
            return true;
        });
    }

    /// The step as it is for one channel: tables of channels replaced by what they say for it.
    static Step resolvedFor(const Step& step, const Axes& axes, std::int64_t channel) {
        Step resolved = step;
        std::erase_if(resolved.settings, [&](Setting& setting) {
            const auto* table = setting.value.get<Value::Table>();
            if (table == nullptr) return false;
            for (const Setting& entry : Value::Table(*table)) {
                const auto named = channelOf(axes, Value(entry.key));
                if (!named || *named != channel) continue;
                setting.value = entry.value;
                return false;
            }
            return true;
        });
        return resolved;
    }

    bool hasDepth(const StepSchema& schema, const Step& step, std::size_t index, const LazyArray& array) {
        const auto z = findAxis(array.axes(), "z");
        if (z && array.axes()[*z].size > 1) return true;
        add(step.place,
            fmt::format("the step \"{}\" needs stacks, but {} here; is another axis the z axis? (--rename-axis OLD=z)",
                        schema.op, z ? "z is a single plane" : "there is no axis z"),
            index);
        return false;
    }

    void checkView(const LazyArray& result) {
        const ViewSettings& view = pipeline_.config.view;
        const auto axis = channelAxis(result.axes());
        const std::int64_t channels = axis ? result.axes()[*axis].size : 1;
        const auto pairs = static_cast<std::int64_t>(view.contrastLimits.size());
        if (pairs > 1 && pairs != channels) {
            add(placeIn(view, "contrast-limits"),
                fmt::format(
                    "`contrast-limits` has {} pairs, but the result has {} channel(s); write one pair for all or "
                    "one for each",
                    pairs, channels));
        }
        for (const auto& [name, size] : view.scale) {
            if (findAxis(result.axes(), name)) continue;
            add(placeIn(view, "scale." + name),
                fmt::format("`scale`: the result has no axis `{}`; its axes are {}", name, namesOf(result.axes())));
        }
    }

    Surroundings surroundings_;
    Pipeline pipeline_;
    std::set<graph::Fingerprint> before_; ///< arrays that the steps so far have made
};

/// The steps and parameters of a config that have no mistake. What stands behind a step that is missing is left out
/// where it may depend on axes which that step would have made.
Config usablePart(const Parsed& parsed) {
    Config config = parsed.config;
    std::size_t end = config.steps.size();
    for (const Message& message : parsed.messages) {
        if (message.step >= config.steps.size()) continue;
        Step& step = config.steps[message.step];
        if (!message.key.empty()) step.erase(message.key);
        const StepSchema* schema = findStep(step.op);
        const bool complete = schema != nullptr && isComplete(*schema, step);
        if (complete) continue;
        step.enabled = false;
        if (schema == nullptr || schema->space == Space::Axes) end = std::min(end, message.step);
    }
    config.steps.resize(end);
    return config;
}

} // namespace

Built buildPipeline(const Config& config, const graph::LazyArray& raw, const io::ScanSettings& scan) {
    return Builder(config, raw, scan).run();
}

Built buildPipeline(const Parsed& parsed, const graph::LazyArray& raw, const io::ScanSettings& scan) {
    Built built = buildPipeline(usablePart(parsed), raw, scan);
    built.pipeline.config = parsed.config;
    built.messages.insert(built.messages.begin(), parsed.messages.begin(), parsed.messages.end());
    sortByPlace(built.messages);
    return built;
}

graph::LazyArray Pipeline::result() const {
    const LazyArray last = stages.empty() ? raw : stages.back().array;
    if (config.view.scale.empty()) return last;
    Axes axes = last.axes();
    for (Axis& axis : axes) {
        const auto scale = config.view.scale.find(axis.name);
        const bool spatial = axis.name == "z" || axis.name == "y" || axis.name == "x";
        if (scale == config.view.scale.end() && !spatial) continue;
        axis.spacing = scale == config.view.scale.end() ? 1 : scale->second;
        axis.unit.clear();
    }
    return last.withAxes(std::move(axes));
}

} // namespace lazulite::pipeline
