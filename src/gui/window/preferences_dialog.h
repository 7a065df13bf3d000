#pragma once

#include <QDialog>
#include <optional>

#include "window/backend_choice.h"
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
    /// `backend`: what pipelines can be computed on; nothing where that is not known yet.
    PreferencesDialog(const Preferences& preferences, const std::optional<BackendReport>& backend, QWidget* parent);

signals:
    void changed(const lazulite::gui::Preferences& preferences);

private:
    void confirm();

    QLineEdit* memory_;
    QLabel* memoryError_;
    QComboBox* backend_;
    QComboBox* look_;
    QComboBox* interpolation_;
    QCheckBox* prefetch_;
    QCheckBox* checkHeaders_;
    QCheckBox* scaleBar_;
    QCheckBox* axisNames_;
};

} // namespace lazulite::gui
