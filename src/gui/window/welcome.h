#pragma once

#include <QWidget>

class QVBoxLayout;

namespace lazulite::gui {

/// What the window shows while nothing is open: how to open something.
class Welcome : public QWidget {
    Q_OBJECT

public:
    explicit Welcome(QWidget* parent = nullptr);

    void setRecent(const QStringList& paths);
    /// While files are dragged over the window.
    void setDropWanted(bool wanted);

signals:
    void openFolderWanted();
    void openFilesWanted();
    void recentWanted(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* recent_;
    QVBoxLayout* recentLines_;
    bool dropWanted_ = false;
};

} // namespace lazulite::gui
