#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/graph/lazy_array.h"
#include "lazulite/view/view_state.h"
#include "pipeline/background.h"
#include "pipeline/config_history.h"
#include "pipeline/file_watch.h"
#include "pipeline/loading.h"
#include "pipeline/step_state.h"

namespace lazulite::gui {

class Session;

/// The pipeline that is open: what its config says now, what it said before, and what of it was built last. Changes are
/// built on a thread after a short pause, and looked at when there is nothing wrong with them; until then, and where
/// there is, the last good one stays. The file is watched.
class PipelineEditor : public QObject {
    Q_OBJECT

public:
    explicit PipelineEditor(Session& session, QObject* parent = nullptr);
    ~PipelineEditor() override;

    bool isOpen() const { return history_.has_value(); }
    const pipeline::Config& config() const { return history_->current(); }
    /// Whether the config says something else than its file.
    bool modified() const { return history_ && history_->changed(); }
    /// What is wrong with config(), as it is now.
    const pipeline::Messages& messages() const { return messages_; }
    /// What is wrong with the file, where it was changed by somebody else so that it cannot be used.
    const pipeline::Messages& fileMessages() const { return fileMessages_; }
    /// The last one that could be built; null before there are data.
    const std::shared_ptr<const LoadedPipeline>& built() const { return built_; }
    std::vector<StepState> states() const;

    /// Reads and builds a config; what is open stays until it has proved good.
    void open(const std::string& path);
    /// An empty one, without a file.
    void create();
    void close();

    /// Writes it. Where comments would get lost, nothing is written unless `evenWithLoss`; lossFound() says so.
    void save(const std::string& path, bool evenWithLoss = false);

    /// The next state of the config. Changes of the same subject are undone as one.
    void edit(pipeline::Config config, const std::string& subject = {});
    void moveStep(std::size_t step, std::size_t to);
    void removeStep(std::size_t step);
    void addStep(const std::string& op);
    bool canUndo() const { return history_ && history_->canUndo(); }
    bool canRedo() const { return history_ && history_->canRedo(); }
    void undo();
    void redo();

    /// Shows the result up to and with a step; nothing: all of them.
    void lookAt(std::optional<std::size_t> step);
    std::optional<std::size_t> lookedAt() const { return lookedAt_; }
    /// What is looked at when only the steps work that move voxels about; an empty array where that is not known.
    graph::LazyArray geometryOnly() const;

signals:
    void opened(const QString& path);
    void openFailed(const QString& path, const lazulite::pipeline::Messages& messages);
    void closed();
    /// The config's steps or values, its name or file.
    void configChanged();
    /// built(), messages() or fileMessages().
    void builtChanged();
    void lookedAtChanged();
    void saved(const QString& path);
    void saveFailed(const QString& why);
    void lossFound(const QString& path, const QStringList& comments);
    /// Somebody else changed the file; where there were unsaved changes, undo brings them back.
    void reloaded(bool overChanges);
    void fileBroken(const lazulite::pipeline::Messages& messages);

private:
    struct SaveOutcome;

    PipelineInput input() const;
    /// Why the slice that is looked at does not fit the memory; nothing where it does.
    std::optional<std::string> refusal() const;
    void rebuildSoon();
    void rebuild();
    void finishOpen(LoadedPipeline loaded);
    void finishSave(SaveOutcome outcome);
    void reload();
    void finishReload(LoadedPipeline loaded);
    void begin(const LoadedPipeline& loaded);
    void take(LoadedPipeline loaded);
    bool fitsData(const LoadedPipeline& loaded) const;
    void showResult();
    /// What is looked at now, in another array that is made of the recording.
    view::ViewState stateFor(const graph::LazyArray& array) const;
    void watchFile();
    void adoptRecording();
    void onHistory();

    Session& session_;
    std::optional<ConfigHistory> history_;
    std::shared_ptr<const LoadedPipeline> built_;
    pipeline::Messages messages_;
    pipeline::Messages fileMessages_;
    std::optional<std::size_t> lookedAt_;
    bool viewWanted_ = false; ///< what [view] says is applied with the next result
    QTimer pause_;
    // Of what was begun last; answers to others come too late.
    std::uint64_t load_ = 0;
    std::uint64_t build_ = 0;
    FileWatch watch_;
    Background background_; ///< last: it goes first
};

} // namespace lazulite::gui
