#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A pipeline config as values: what is written in the file, before it meets any data.
namespace lazulite::pipeline {

/// Where something stands in a text, counted from 1; 0: nowhere (it was made in the window).
struct Place {
    int line = 0;
    int column = 0;

    bool operator==(const Place&) const = default;
};

/// Something that the user has to mend.
struct Message {
    std::string file;
    Place place;
    std::string text;        ///< what is wrong and what to do
    std::size_t step = npos; ///< the step that it concerns
    std::string key{};       ///< and its parameter

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    /// "file:line:column: text"
    std::string toString() const;
};
using Messages = std::vector<Message>;

struct Setting;

/// A value of TOML. It knows where it stands; comparing values does not look at that.
class Value {
public:
    using List = std::vector<Value>;
    using Table = std::vector<Setting>; ///< in the order of the file

    Value();
    Value(bool value);
    Value(int value);
    Value(std::int64_t value);
    Value(double value);
    Value(std::string value);
    Value(const char* value);
    Value(List value);
    Value(Table value);
    Value(const Value& other);
    Value(Value&& other) noexcept;
    Value& operator=(const Value& other);
    Value& operator=(Value&& other) noexcept;
    ~Value();

    template <typename T>
    const T* get() const {
        return std::get_if<T>(&value_);
    }
    /// An integer or a float as a number.
    std::optional<double> number() const;
    /// As it is written in a config: `"text"`, `[1, 2]`, `{ z = 3 }`, `31.5`.
    std::string toml() const;

    const Place& place() const { return place_; }
    Value at(Place place) &&;

    bool operator==(const Value& other) const;

private:
    std::variant<std::int64_t, bool, double, std::string, List, Table> value_;
    Place place_;
};

/// A key and its value: a parameter of a step, or an entry of a table.
struct Setting {
    std::string key;
    Value value;
    Place place{}; ///< of the key

    bool operator==(const Setting& other) const { return key == other.key && value == other.value; }
};

/// The value of a key, or null.
const Value* findIn(const Value::Table& table, const std::string& key);

/// One `[[step]]`.
struct Step {
    std::string op;
    std::string label{};
    bool enabled = true;
    std::vector<Value> channels{}; ///< indices or labels; empty: all
    Value::Table settings{};       ///< the step's own parameters, in the order of the file
    Place place{};                 ///< of its op
    std::size_t source = npos;     ///< which step of the text it came from; npos: none (added in the window)

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    const Value* find(const std::string& key) const;
    void set(const std::string& key, Value value);
    void erase(const std::string& key);
    /// Compares what it does; not where it is written.
    bool operator==(const Step& other) const;
};

/// `[view]`: how the result is first shown.
struct ViewSettings {
    std::optional<int> ndisplay{};
    std::vector<std::array<double, 2>> contrastLimits{}; ///< one for all channels, or one a channel
    std::map<std::string, double> scale{};               ///< axis -> relative size of a voxel, instead of the data's
    std::map<std::string, Place> places{};               ///< of the values of these keys

    bool operator==(const ViewSettings& other) const {
        return ndisplay == other.ndisplay && contrastLimits == other.contrastLimits && scale == other.scale;
    }
};

struct Config {
    std::string path{}; ///< the file; empty: not saved yet. Relative paths inside are relative to its folder.
    std::string name{};
    std::vector<Step> steps{};
    ViewSettings view{};
    std::shared_ptr<const std::string> text{}; ///< what it was read from

    bool operator==(const Config& other) const {
        return name == other.name && steps == other.steps && view == other.view;
    }
};

/// A config with all that is wrong in it; usable where there are no messages.
struct Parsed {
    Config config;
    Messages messages;

    bool ok() const { return messages.empty(); }
};

/// Understands the text of a config: TOML, known steps and keys, types and ranges. `path` is where it stands; nothing
/// is opened.
Parsed parseConfig(const std::string& text, const std::string& path);

/// The same of a file. Throws Failure where it cannot be read.
Parsed loadConfig(const std::string& path);

/// The text of a config. Steps that come from `config.text` keep their lines and comments but for the values that
/// changed.
struct Written {
    std::string text;
    std::vector<std::string> lost; ///< comments that could not be kept
};
Written writeConfig(const Config& config);

/// Writes it to `path`, whole or not at all; the config that was written, as it would be read again. Throws Failure.
Config saveConfig(const Config& config, const std::string& path);

} // namespace lazulite::pipeline
