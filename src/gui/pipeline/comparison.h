#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <optional>

#include "lazulite/view/viewer.h"
#include "session/mailbox.h"

namespace lazulite::gui {

class PipelineEditor;
class Session;

/// What lies at the place that is looked at before its values were changed: instead of the result while a key is held,
/// or to the left of a divider. It is the chain with the steps alone that move voxels about, so that both sides show
/// the same place; where there are no other steps, it is the raw stack at the nearest place.
class Comparison : public QObject {
    Q_OBJECT

public:
    Comparison(Session& session, PipelineEditor& editor, QObject* parent = nullptr);
    ~Comparison() override;

    /// Instead of the result, for a while.
    void setHeld(bool held);
    bool held() const { return held_; }
    /// Beside the result; only planes.
    void setBeside(bool beside);
    bool beside() const { return beside_; }

    /// Whether a part of the canvas shows it now.
    bool shown() const;
    /// The part of the canvas, from its left edge, that shows it: 0..1.
    double divider() const { return held_ ? 1 : divider_; }
    void setDivider(double divider);

    /// Null until there is one.
    const std::shared_ptr<const view::Picture>& picture() const { return picture_; }
    const std::shared_ptr<const view::VolumePicture>& volume() const { return volume_; }
    const view::ViewState& state() const { return state_; }
    /// Whether the raw stack itself is shown, at the nearest place.
    bool isNearest() const { return nearest_; }

signals:
    /// What is shown of it, or where.
    void changed();

private:
    struct Target {
        graph::LazyArray array;
        view::ViewState state;
        bool nearest = false;
    };
    std::optional<Target> target() const;
    Target nearestRaw() const;
    void follow();
    view::Viewer& viewer();
    void takePicture(std::shared_ptr<const view::Picture> picture);
    void takeVolume(std::shared_ptr<const view::VolumePicture> volume);

    Session& session_;
    PipelineEditor& editor_;
    bool held_ = false;
    bool beside_ = false;
    double divider_ = 0.5;
    bool nearest_ = false;
    view::ViewState state_;
    std::shared_ptr<const view::Picture> picture_;
    std::shared_ptr<const view::VolumePicture> volume_;
    Mailbox<std::shared_ptr<const view::Picture>> pictureBox_;
    Mailbox<std::shared_ptr<const view::VolumePicture>> volumeBox_;
    std::unique_ptr<view::Viewer> viewer_; ///< last: it goes first, and waits for its callbacks
};

} // namespace lazulite::gui
