#pragma once

#include <QObject>
#include <QTimer>

#include "canvas/canvas.h"
#include "lazulite/gui/application.h"
#include "session/opener.h"
#include "session/session.h"

namespace lazulite::gui {

/// Draws one picture of a canvas that is never shown, writes it and ends the event loop with an exit code.
class PictureJob : public QObject {
    Q_OBJECT

public:
    explicit PictureJob(const RenderOptions& options);

private:
    void show(const Recording& recording);
    void check();
    void write();
    void fail(int code, const QString& message);

    RenderOptions options_;
    Session session_;
    Canvas canvas_;
    Opener opener_;
    QTimer calm_; ///< looks again and again whether the picture is final
    int calmFor_ = 0;
};

} // namespace lazulite::gui
