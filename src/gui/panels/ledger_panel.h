#pragma once

#include <QTimer>
#include <QWidget>
#include <cstdint>

class QLabel;
class QTreeWidget;

namespace lazulite::gui {

class Session;

/// The last requests and what each of them cost.
class LedgerPanel : public QWidget {
    Q_OBJECT

public:
    explicit LedgerPanel(Session& session, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void refresh();

    Session& session_;
    QLabel* totals_;
    QTreeWidget* list_;
    QTimer timer_;
    std::int64_t shown_ = -1;
};

} // namespace lazulite::gui
