#pragma once

#include <QDialog>
#include <functional>
#include <string>

#include "lazulite/core/axis.h"

class QLabel;
class QLineEdit;
class QTableWidget;

namespace lazulite::gui {

/// Corrects what was understood: which axis is which, spacing and unit; or reads the names again under a pattern.
class AxesDialog : public QDialog {
    Q_OBJECT

public:
    /// `pattern` empty: the data do not come from files, and there is none to be changed.
    AxesDialog(const Axes& axes, const QString& pattern, QWidget* parent);

    /// What the table says now. Throws Failure: an empty or doubled name, a spacing that is no positive number.
    Axes axes() const;

    void showError(const QString& message);

signals:
    /// The table was changed and makes sense.
    void axesCorrected(const lazulite::Axes& axes);
    void patternChosen(const QString& pattern);

private:
    void fill(const Axes& axes);
    void swap(const std::string& first, const std::string& second);
    void apply();

    Axes original_;
    QString pattern_;
    QTableWidget* table_;
    QLineEdit* patternEdit_;
    QLabel* error_;
};

} // namespace lazulite::gui
