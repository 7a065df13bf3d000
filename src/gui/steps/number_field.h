#pragma once

#include <QDoubleSpinBox>
#include <optional>

namespace lazulite::gui {

/// A spin box that may be empty: then it shows in dim letters what holds instead, and stepping begins there.
class NumberField : public QDoubleSpinBox {
    Q_OBJECT

public:
    explicit NumberField(QWidget* parent = nullptr);

    /// Without the arrows, where there is no room for them.
    void hideArrows();
    /// Whole numbers only.
    void setWhole();
    /// What is shown while it is empty, and where stepping begins.
    void setFallback(const QString& text, std::optional<double> number);
    void setUnit(const QString& unit);
    void setNumber(std::optional<double> number);
    std::optional<double> number() const;

signals:
    /// The user changed it.
    void numberEdited(std::optional<double> number);

protected:
    QString textFromValue(double value) const override;
    double valueFromText(const QString& text) const override;
    QValidator::State validate(QString& text, int& position) const override;
    void fixup(QString& text) const override;
    void stepBy(int steps) override;
    StepEnabled stepEnabled() const override;
    void wheelEvent(QWheelEvent* event) override; ///< scrolls the panel, never changes a number by accident
    void resizeEvent(QResizeEvent* event) override;

private:
    class Arrows;

    void onText(const QString& text);
    /// Without prefix and unit.
    QString plain(const QString& text) const;
    /// Where stepping begins while it is empty.
    double start() const;

    Arrows* arrows_; ///< at its right end; they step
    bool empty_ = true;
    QString unit_;
    std::optional<double> fallback_;
};

} // namespace lazulite::gui
