#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace lazulite::gui {

class Session;

/// The frames that could not be shown, in one list.
class ProblemsPanel : public QWidget {
    Q_OBJECT

public:
    explicit ProblemsPanel(Session& session, QWidget* parent = nullptr);

    /// A problem that is no frame's: a folder that could not be opened.
    void addNote(const QString& what, const QString& path, const QString& reason);

private:
    void refresh();

    struct Note {
        QString what;
        QString path;
        QString reason;
    };

    Session& session_;
    std::vector<Note> notes_;
    QTreeWidget* list_;
    QLabel* summary_;
    QPushButton* retry_;
};

/// "t=3, c=1, z=10": the position of the axes that are not displayed; of all channels together, without the channel.
QString positionText(const Session& session, const std::vector<std::int64_t>& position, bool withChannel = true);

} // namespace lazulite::gui
