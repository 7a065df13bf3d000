#pragma once

#include <QObject>
#include <QString>
#include <optional>
#include <string>

#include "lazulite/pipeline/schema.h"

class QGridLayout;
class QLabel;
class QToolButton;
class QWidget;

namespace lazulite::gui {

class ParameterEditor;
struct StepPlace;

/// One line of a step's card: the parameter's name, its editor, and a way back to the default; below it what is wrong.
class ParameterRow : public QObject {
    Q_OBJECT

public:
    /// Adds itself to the end of `grid`, whose widget owns the parts.
    ParameterRow(const pipeline::ParameterSchema& parameter, const StepPlace& place, QGridLayout& grid, QWidget* owner);

    const std::string& key() const { return parameter_.key; }
    bool required() const { return parameter_.fallback.empty(); }
    bool isSet() const { return set_; }
    void setValue(const pipeline::Value* value);
    /// What the config says is wrong with it; empty: nothing.
    void setMistake(const QString& text);
    void setShown(bool shown);

signals:
    void edited(const std::string& key, const std::optional<lazulite::pipeline::Value>& value);

private:
    void refresh();
    QString tip() const;

    pipeline::ParameterSchema parameter_;
    QLabel* name_;
    ParameterEditor* editor_;
    QToolButton* reset_;
    QLabel* mistake_;
    QString typed_;  ///< what is wrong with what was typed
    QString stated_; ///< what the config says
    bool set_ = false;
    bool shown_ = true;
};

} // namespace lazulite::gui
