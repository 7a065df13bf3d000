#pragma once

#include <QFrame>
#include <functional>

class QLabel;
class QPushButton;

namespace lazulite::gui {

/// A message above the picture that stays until it is closed or another one comes. Never modal.
class Banner : public QFrame {
    Q_OBJECT

public:
    explicit Banner(QWidget* parent = nullptr);

    enum class Kind { Note, Error };
    void tell(Kind kind, const QString& text);
    /// With a button that does something.
    void ask(const QString& text, const QString& button, std::function<void()> action);
    QString text() const;

private:
    QLabel* icon_;
    QLabel* text_;
    QPushButton* button_;
    std::function<void()> action_;
};

} // namespace lazulite::gui
