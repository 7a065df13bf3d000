#pragma once

#include <array>

#include "steps/parameter_editor.h"

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLineEdit;
class QToolButton;

namespace lazulite::gui {

class NumberField;

/// A number with its unit and range; where words stand for numbers too ("auto"), they are chosen beside it.
class NumberEditor : public ParameterEditor {
    Q_OBJECT

public:
    NumberEditor(const pipeline::ParameterSchema& parameter, QWidget* parent);
    void setValue(const pipeline::Value* value) override;
    void setMistaken(bool mistaken) override;

private:
    void addWords();

    pipeline::ParameterSchema parameter_;
    NumberField* field_;
    QToolButton* words_ = nullptr; ///< the word that is set, and a menu of the others and "a number"
};

/// Three numbers, z, y and x.
class VectorEditor : public ParameterEditor {
    Q_OBJECT

public:
    VectorEditor(const pipeline::ParameterSchema& parameter, QWidget* parent);
    void setValue(const pipeline::Value* value) override;
    void setMistaken(bool mistaken) override;

private:
    void collect();

    bool whole_;
    std::array<NumberField*, 3> fields_{};
};

class BooleanEditor : public ParameterEditor {
    Q_OBJECT

public:
    BooleanEditor(const pipeline::ParameterSchema& parameter, QWidget* parent);
    void setValue(const pipeline::Value* value) override;
    void setMistaken(bool) override {}

private:
    bool fallback_;
    QCheckBox* box_;
};

/// One of some words.
class ChoiceEditor : public ParameterEditor {
    Q_OBJECT

public:
    ChoiceEditor(const pipeline::ParameterSchema& parameter, QWidget* parent);
    void setValue(const pipeline::Value* value) override;
    void setMistaken(bool mistaken) override;

private:
    QString fallback_;
    QComboBox* box_;
};

/// Everything that is written: slices, expressions, lists, names. A text that makes no sense stays in the field,
/// marked.
class TextEditor : public ParameterEditor {
    Q_OBJECT

public:
    TextEditor(const pipeline::ParameterSchema& parameter, QWidget* parent);
    void setValue(const pipeline::Value* value) override;
    void setMistaken(bool mistaken) override;

protected:
    QHBoxLayout* line() { return line_; }
    /// As if it had been typed.
    void setTyped(const QString& text);
    QString typed() const;

private:
    void onText(const QString& text);

    pipeline::ParameterSchema parameter_;
    QLineEdit* field_;
    QHBoxLayout* line_;
    std::optional<pipeline::Value> value_; ///< that the field stands for
};

/// A text with a button that asks for a file.
class PathEditor : public TextEditor {
    Q_OBJECT

public:
    PathEditor(const pipeline::ParameterSchema& parameter, const StepPlace& place, QWidget* parent);

private:
    void browse();

    QString title_;
    StepPlace place_;
};

} // namespace lazulite::gui
