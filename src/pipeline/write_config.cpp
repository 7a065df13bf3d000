#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "config_format.h"
#include "config_text.h"
#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {

namespace {

/// A number of [view]: whole ones without a point.
Value plainNumber(double value) {
    constexpr double kExact = 1e15;
    if (value == std::floor(value) && std::abs(value) < kExact) return static_cast<std::int64_t>(value);
    return value;
}

Value pairOf(const std::array<double, 2>& limits) {
    return Value::List{plainNumber(limits[0]), plainNumber(limits[1])};
}

Value::Table entriesOf(const Step& step) {
    Value::Table entries{{"op", step.op}};
    if (!step.label.empty()) entries.push_back({"label", step.label});
    if (!step.enabled) entries.push_back({"enabled", false});
    if (!step.channels.empty()) entries.push_back({"channels", Value::List(step.channels)});
    entries.insert(entries.end(), step.settings.begin(), step.settings.end());
    return entries;
}

Value::Table entriesOf(const ViewSettings& view) {
    Value::Table entries;
    if (view.ndisplay) entries.push_back({"ndisplay", *view.ndisplay});
    if (view.contrastLimits.size() == 1) {
        entries.push_back({"contrast-limits", pairOf(view.contrastLimits.front())});
    } else if (!view.contrastLimits.empty()) {
        Value::List pairs;
        for (const auto& limits : view.contrastLimits) pairs.push_back(pairOf(limits));
        entries.push_back({"contrast-limits", std::move(pairs)});
    }
    if (!view.scale.empty()) {
        Value::Table scale;
        for (const auto& [axis, size] : view.scale) scale.push_back({axis, plainNumber(size)});
        entries.push_back({"scale", std::move(scale)});
    }
    return entries;
}

Value::Table nameOf(const Config& config) {
    if (config.name.empty()) return {};
    return {{"name", config.name}};
}

std::string tableText(const std::string& head, const Value::Table& entries, const std::string& newline) {
    std::string text = head + newline;
    for (const Setting& entry : entries) text += entryLine(entry.key, entry.value, newline);
    return text;
}

std::string headText(const Config& config, const std::string& newline) {
    Value::Table entries = nameOf(config);
    entries.push_back({"version", kConfigVersion});
    return tableText("[pipeline]", entries, newline);
}

/// The whole config anew.
std::string plainText(const Config& config) {
    std::string text = headText(config, "\n");
    for (const Step& step : config.steps) text += "\n" + tableText("[[step]]", entriesOf(step), "\n");
    const Value::Table view = entriesOf(config.view);
    if (!view.empty()) text += "\n" + tableText("[view]", view, "\n");
    return text;
}

/// The text that a config came from, edited until it says what the config says now. Steps take the places of the steps
/// that stand there; what else the text holds stays where it is.
class Rewriting {
public:
    Rewriting(const Config& before, const Config& after) : before_(before), after_(after), text_(*before.text) {
        for (const Section& section : text_.sections()) {
            if (section.kind == Section::Kind::Step) steps_.push_back(&section);
        }
    }

    Written run() {
        bool viewSeen = false;
        bool headSeen = after_.name.empty(); // else one has to be made
        for (const Section& section : text_.sections()) headSeen |= section.kind == Section::Kind::Pipeline;
        for (const Section& section : text_.sections()) {
            const std::string gap = text_.gapBefore(section);
            if (section.kind == Section::Kind::Step || section.kind == Section::Kind::View) {
                if (!std::exchange(headSeen, true)) append(gap, headText(after_, text_.newline()));
                if (steps_.empty()) appendSteps(after_.steps.size());
            }
            switch (section.kind) {
                case Section::Kind::Step:
                    appendStep(gap);
                    if (&section == steps_.back()) appendSteps(after_.steps.size());
                    break;
                case Section::Kind::View:
                    viewSeen = true;
                    append(gap, text_.edited(section, entriesOf(before_.view), entriesOf(after_.view), written_.lost));
                    break;
                case Section::Kind::Pipeline:
                    append(gap, text_.edited(section, nameOf(before_), nameOf(after_), written_.lost));
                    break;
                case Section::Kind::Other:
                    append(gap, text_.edited(section, {}, {}, written_.lost));
                    break;
            }
        }
        if (!headSeen) append(text_.newline(), headText(after_, text_.newline()));
        appendSteps(after_.steps.size());
        if (!viewSeen && !entriesOf(after_.view).empty()) {
            append(text_.newline(), tableText("[view]", entriesOf(after_.view), text_.newline()));
        }
        written_.text += text_.tail();
        reportRemovedSteps();
        return std::move(written_);
    }

private:
    void append(const std::string& gap, const std::string& content) {
        std::string& text = written_.text;
        if (!text.empty() && text.back() != '\n') text += text_.newline();
        text += gap + content;
    }

    void appendStep(const std::string& gap) {
        if (next_ == after_.steps.size()) return;
        const Step& step = after_.steps[next_++];
        if (step.source >= steps_.size()) return append(gap, tableText("[[step]]", entriesOf(step), text_.newline()));
        append(gap, text_.edited(*steps_[step.source], entriesOf(before_.steps[step.source]), entriesOf(step),
                                 written_.lost));
    }

    void appendSteps(std::size_t end) {
        while (next_ < end) appendStep(written_.text.empty() ? "" : text_.newline());
    }

    void reportRemovedSteps() {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const bool kept = std::any_of(after_.steps.begin(), after_.steps.end(),
                                          [i](const Step& step) { return step.source == i; });
            if (!kept) text_.reportComments(*steps_[i], written_.lost);
        }
    }

    const Config& before_;
    const Config& after_;
    ConfigText text_;
    std::vector<const Section*> steps_;
    Written written_;
    std::size_t next_ = 0; ///< the step that is written next
};

/// Whether each step stands where it stood.
bool inOrder(const Config& config) {
    for (std::size_t i = 0; i < config.steps.size(); ++i) {
        if (config.steps[i].source != i) return false;
    }
    return true;
}

} // namespace

Written writeConfig(const Config& config) {
    if (!config.text) return {plainText(config), {}};
    const Parsed before = parseConfig(*config.text, config.path);
    if (before.ok() && before.config == config && inOrder(config)) return {*config.text, {}};
    const ConfigText text(*config.text);
    const auto isStep = [](const Section& section) { return section.kind == Section::Kind::Step; };
    const auto steps = std::count_if(text.sections().begin(), text.sections().end(), isStep);
    if (before.ok() && static_cast<std::size_t>(steps) == before.config.steps.size()) {
        Written written = Rewriting(before.config, config).run();
        // Tables can be laid out in more ways than can be edited (`pipeline.name = ...`); those are written anew.
        const Parsed after = parseConfig(written.text, config.path);
        if (after.ok() == parseConfig(plainText(config), config.path).ok() && after.config == config) return written;
    }
    Written written{plainText(config), {}};
    for (const Section& section : text.sections()) text.reportComments(section, written.lost);
    return written;
}

} // namespace lazulite::pipeline
