#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lazulite/pipeline/config.h"
#include "toml_scan.h"

/// The text of a config as sections that can be moved about and edited without touching the rest.
namespace lazulite::pipeline {

/// A table's head with what stands below it (its inner tables too) and the comment directly above it.
struct Section {
    enum class Kind { Pipeline, Step, View, Other };

    Kind kind = Kind::Other;
    std::size_t gap = 0;   ///< bytes: where the blank lines before it begin
    std::size_t begin = 0; ///< where it begins itself
    std::size_t end = 0;
    std::size_t firstStatement = 0; ///< of the scan; its head, where it has one
    std::size_t endStatement = 0;
};

class ConfigText {
public:
    explicit ConfigText(const std::string& text);

    const std::vector<Section>& sections() const { return sections_; }
    /// Blank lines before a section, and those at the end of the text.
    std::string gapBefore(const Section& section) const;
    std::string tail() const;
    /// How its lines end.
    const std::string& newline() const { return newline_; }

    /// A section with entries changed, added and taken out: those that differ between `before` and `after`. Comments
    /// that go with them are added to `lost`.
    std::string edited(const Section& section, const Value::Table& before, const Value::Table& after,
                       std::vector<std::string>& lost) const;

    /// Adds the comments of a section to `lost`.
    void reportComments(const Section& section, std::vector<std::string>& lost) const;

private:
    struct Edit {
        std::size_t begin;
        std::size_t end;
        std::string text;
    };

    std::size_t lineBegin(std::size_t offset) const;
    std::vector<std::size_t> statementsOf(const Section& section, const std::string& key) const;
    bool standsAlone(const Section& section, std::size_t statement) const;
    void set(const Section& section, const std::string& key, const Value& value, std::vector<Edit>& edits,
             std::vector<std::string>& lost) const;
    void erase(const Section& section, const std::string& key, std::vector<Edit>& edits,
               std::vector<std::string>& lost) const;
    std::size_t placeForNew(const Section& section) const;

    const std::string& text_;
    Scan scan_;
    std::vector<Section> sections_;
    std::string newline_;
};

/// A line "key = value".
std::string entryLine(const std::string& key, const Value& value, const std::string& newline);

} // namespace lazulite::pipeline
