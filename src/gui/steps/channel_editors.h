#pragma once

#include <functional>
#include <vector>

#include "steps/parameter_editor.h"

class QFormLayout;
class QToolButton;

namespace lazulite::gui {

/// A parameter that has one value for all channels, or one for each of them: a button changes between the two.
class ChannelEditors : public ParameterEditor {
    Q_OBJECT

public:
    using Maker = std::function<ParameterEditor*(QWidget* parent)>;

    ChannelEditors(Maker make, QStringList channels, QWidget* parent);
    void setValue(const pipeline::Value* value) override;
    void setMistaken(bool mistaken) override;
    bool isTall() const override { return keys_.size() > 1 || (!keys_.empty() && !keys_.front().empty()); }

private:
    /// One line a channel (and for entries of channels that are not there), or one for all.
    void build(const std::vector<std::string>& keys);
    void toggle(bool each);
    void onEdited(const std::string& key, const std::optional<pipeline::Value>& value);
    std::vector<std::string> keysFor(const pipeline::Value::Table& table) const;
    QString nameOf(const std::string& key) const;

    Maker make_;
    QStringList channels_;
    QWidget* lines_ = nullptr;
    QToolButton* each_;
    std::optional<pipeline::Value> value_;
    std::vector<std::string> keys_; ///< of the lines; a single empty one stands for all channels
    std::vector<ParameterEditor*> editors_;
};

} // namespace lazulite::gui
