#pragma once

#include <QWidget>
#include <optional>
#include <string>

#include "lazulite/pipeline/schema.h"

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace lazulite::gui {

class ParameterEditor;
struct StepPlace;

/// One line of a step's card: the parameter's name, its editor, and a way back to the default; below it what is wrong.
class ParameterRow : public QWidget {
    Q_OBJECT

public:
    ParameterRow(const pipeline::ParameterSchema& parameter, const StepPlace& place, QWidget* parent);

    const std::string& key() const { return parameter_.key; }
    bool required() const { return parameter_.fallback.empty(); }
    bool isSet() const { return set_; }
    void setValue(const pipeline::Value* value);
    /// What the config says is wrong with it; empty: nothing.
    void setMistake(const QString& text);
    /// Names of all lines take the same room, so that editors stand in one line.
    int wantedNameWidth() const;
    void setNameWidth(int width);

signals:
    void edited(const std::string& key, const std::optional<lazulite::pipeline::Value>& value);

private:
    void refresh();
    void place();
    QString tip() const;

    pipeline::ParameterSchema parameter_;
    QLabel* name_;
    ParameterEditor* editor_;
    QToolButton* reset_;
    QLabel* mistake_;
    QHBoxLayout* line_;
    QVBoxLayout* lines_;
    bool tall_ = false; ///< the editor stands below the name
    QString typed_;     ///< what is wrong with what was typed
    QString stated_;    ///< what the config says
    bool set_ = false;
};

} // namespace lazulite::gui
