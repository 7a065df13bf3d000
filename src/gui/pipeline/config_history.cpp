#include "pipeline/config_history.h"

#include <utility>

#include "pipeline/config_paths.h"

namespace lazulite::gui {

ConfigHistory::ConfigHistory(pipeline::Config config) : saved_(config) {
    entries_.push_back({std::move(config), {}});
}

void ConfigHistory::push(pipeline::Config config, std::string subject) {
    if (config == current()) return;
    entries_.resize(at_ + 1);
    Entry& last = entries_.back();
    const bool joined = !sealed_ && !subject.empty() && at_ > 0 && last.subject == subject;
    sealed_ = false;
    if (joined) {
        last.config = std::move(config);
        return;
    }
    entries_.push_back({std::move(config), std::move(subject)});
    if (entries_.size() > kMost) entries_.erase(entries_.begin());
    at_ = entries_.size() - 1;
}

void ConfigHistory::undo() {
    if (!canUndo()) return;
    --at_;
    sealed_ = true;
}

void ConfigHistory::redo() {
    if (!canRedo()) return;
    ++at_;
    sealed_ = true;
}

void ConfigHistory::setSaved(const pipeline::Config& config) {
    for (Entry& entry : entries_) entry.config = movedTo(entry.config, config.path);
    // With the text of the file and the places in it, so that it is written with its comments again.
    if (current() == config) entries_[at_].config = config;
    saved_ = config;
    sealed_ = true;
}

} // namespace lazulite::gui
