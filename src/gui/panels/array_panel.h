#pragma once

#include <QScrollArea>

class QLabel;
class QPushButton;
class QTableWidget;
class QFormLayout;

namespace lazulite::gui {

class ArrayDrawing;
class Session;

/// What is open, in a drawing and in numbers, and the way to correct it.
class ArrayPanel : public QScrollArea {
    Q_OBJECT

public:
    explicit ArrayPanel(Session& session, QWidget* parent = nullptr);

signals:
    void correctionWanted();

private:
    void refresh();
    void fillTable();
    void fillFacts();
    void addFact(const QString& title, const QString& text, const char* objectName);

    Session& session_;
    QWidget* content_;
    ArrayDrawing* drawing_;
    QTableWidget* table_;
    QWidget* facts_;
    QFormLayout* factLines_ = nullptr;
    QPushButton* correct_;
};

} // namespace lazulite::gui
