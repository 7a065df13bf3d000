#pragma once

#include <QDialog>

#include "window/settings.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace lazulite::gui {

/// Preferences, applied and saved when it is accepted.
class PreferencesDialog : public QDialog {
    Q_OBJECT

public:
    PreferencesDialog(const Preferences& preferences, QWidget* parent);

signals:
    void changed(const lazulite::gui::Preferences& preferences);

private:
    void confirm();

    QLineEdit* memory_;
    QLabel* memoryError_;
    QComboBox* look_;
    QComboBox* interpolation_;
    QCheckBox* prefetch_;
    QCheckBox* scaleBar_;
    QCheckBox* axisNames_;
};

} // namespace lazulite::gui
