#pragma once

#include <QDialog>
#include <QTimer>
#include <vector>

#include "export/export_job.h"
#include "pipeline/background.h"

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace lazulite::gui {

class NumberField;

/// An array that can be exported.
struct ExportChoice {
    QString name; ///< "the pipeline's result"
    graph::LazyArray array;
    batch::Provenance provenance;
};

/// Asks what to export, which part of it, as what and where to. It tells beforehand how many files of which size that
/// makes, or what speaks against it.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    /// `position`: what is looked at, for each axis of the first choice. `folder`: where it proposes to write.
    ExportDialog(std::vector<ExportChoice> choices, std::vector<std::int64_t> position, const QString& folder,
                 QWidget* parent);

    ExportOrder order() const;

signals:
    void orderGiven(const lazulite::gui::ExportOrder& order);

private:
    void buildForm();
    void fillAxes();
    void browse();
    void takeCurrent();
    void checkSoon();
    void check();
    const ExportChoice& choice() const;

    struct Forecast {
        QString text;
        bool good = false;
    };
    void show(const Forecast& forecast);

    struct AxisLine {
        std::size_t axis;
        NumberField* first;
        NumberField* last;
    };

    std::vector<ExportChoice> choices_;
    std::vector<std::int64_t> position_;
    QComboBox* what_;
    QWidget* axes_;
    QGridLayout* axisGrid_;
    std::vector<AxisLine> lines_;
    QComboBox* type_;
    QCheckBox* scale_;
    NumberField* low_;
    NumberField* high_;
    QComboBox* codec_;
    QLineEdit* folder_;
    QComboBox* existing_;
    QCheckBox* fillHoles_;
    QLabel* forecast_;
    QPushButton* go_;
    QTimer pause_;
    std::uint64_t serial_ = 0;
    Background background_; ///< last: it goes first
};

} // namespace lazulite::gui
