#pragma once

#include <string>
#include <vector>

#include "lazulite/pipeline/config.h"

namespace lazulite::gui {

/// A config and what it was before: a config is a value, so undo is a list of them.
class ConfigHistory {
public:
    /// `config` stands in its file as it is.
    explicit ConfigHistory(pipeline::Config config);

    const pipeline::Config& current() const { return entries_[at_].config; }

    /// The next state; what was undone is forgotten. Changes of the same subject ("step 2 angle") that follow each
    /// other are one step of the history, until seal(). An empty subject is never joined.
    void push(pipeline::Config config, std::string subject = {});
    void seal() { sealed_ = true; }

    bool canUndo() const { return at_ > 0; }
    bool canRedo() const { return at_ + 1 < entries_.size(); }
    void undo();
    void redo();

    /// Whether current() says something else than the file.
    bool changed() const { return !(current() == saved_); }
    /// `config` is what the file says now. Where that lies in another folder than before, relative paths in all entries
    /// are made to lead from there.
    void setSaved(const pipeline::Config& config);
    const pipeline::Config& saved() const { return saved_; }

    static constexpr std::size_t kMost = 200; ///< entries that are kept

private:
    struct Entry {
        pipeline::Config config;
        std::string subject;
    };

    std::vector<Entry> entries_;
    std::size_t at_ = 0;
    bool sealed_ = false;
    pipeline::Config saved_;
};

} // namespace lazulite::gui
