#pragma once

#include <QStringList>
#include <QWidget>
#include <functional>
#include <optional>
#include <string>

#include "lazulite/pipeline/schema.h"

namespace lazulite::gui {

/// What an editor needs to know of the place where its step stands.
struct StepPlace {
    QStringList channels; ///< names of the channels that come in
    /// How a file is named in the config, and where the name in the config leads.
    std::function<std::string(const std::string&)> nameOfFile;
    std::function<std::string(const std::string&)> fileOfName;
};

/// A widget for one parameter, made from its schema. It shows the default in dim letters where nothing is set.
class ParameterEditor : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// The widget for this kind of parameter; `parent` owns it.
    static ParameterEditor* make(const pipeline::ParameterSchema& parameter, const StepPlace& place, QWidget* parent);

    /// Null: nothing is set.
    virtual void setValue(const pipeline::Value* value) = 0;
    virtual void setMistaken(bool mistaken) = 0;
    /// Whether it has several lines now, and takes the whole width for them.
    virtual bool isTall() const { return false; }

signals:
    /// The user set it; nothing: it is left to its default.
    void edited(const std::optional<lazulite::pipeline::Value>& value);
    /// What was typed makes no sense, and why; empty: it does again. The value stays what it was.
    void mistyped(const QString& why);
    void tallChanged();
};

} // namespace lazulite::gui
