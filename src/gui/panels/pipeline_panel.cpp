#include "panels/pipeline_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "pipeline/config_edits.h"
#include "pipeline/pipeline_editor.h"
#include "session/session.h"
#include "steps/step_chooser.h"
#include "steps/step_list.h"
#include "widgets/icons.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {

constexpr int kLookEveryMs = 100;
constexpr int kMostMessages = 6;

QString messageLines(const pipeline::Messages& messages) {
    QStringList lines;
    for (const pipeline::Message& message : messages) {
        if (lines.size() == kMostMessages) {
            lines << PipelinePanel::tr("and %1 more").arg(messages.size() - kMostMessages);
            break;
        }
        const QString text = toQString(message.text);
        lines << (message.place.line > 0
                      ? QStringLiteral("%1:%2: %3").arg(message.place.line).arg(message.place.column).arg(text)
                      : text);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

PipelinePanel::PipelinePanel(Session& session, PipelineEditor& editor, QWidget* parent)
    : QWidget(parent),
      session_(session),
      editor_(editor),
      name_(new QLineEdit(this)),
      file_(new QLabel(this)),
      undo_(new QToolButton(this)),
      redo_(new QToolButton(this)),
      add_(new QPushButton(pictogram(Pictogram::Add), tr("Add step"), this)),
      messages_(new QFrame(this)),
      messageText_(new QLabel(messages_)),
      steps_(new StepList(session, editor, this)) {
    setObjectName(QStringLiteral("pipelinePanel"));
    messages_->setProperty("strip", true);
    messages_->setProperty("error", true);
    messageText_->setObjectName(QStringLiteral("pipelineMessages"));
    messageText_->setWordWrap(true);
    messageText_->setTextFormat(Qt::PlainText);
    messageText_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* messageLayout = new QVBoxLayout(messages_);
    messageLayout->setContentsMargins(9, 6, 6, 6);
    messageLayout->addWidget(messageText_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHead());
    layout->addWidget(messages_);
    lookedAt_ = buildLookedAt();
    layout->addWidget(lookedAt_);
    empty_ = buildEmpty();
    layout->addWidget(empty_, 1);
    layout->addWidget(steps_, 1);
    connect(&editor, &PipelineEditor::configChanged, this, &PipelinePanel::refresh);
    connect(&editor, &PipelineEditor::builtChanged, this, &PipelinePanel::refresh);
    connect(&editor, &PipelineEditor::lookedAtChanged, this, &PipelinePanel::refresh);
    connect(&session, &Session::pictureChanged, steps_, &StepList::refreshStates);
    work_.setInterval(kLookEveryMs);
    connect(&work_, &QTimer::timeout, this, &PipelinePanel::watchWork);
    work_.start();
    refresh();
}

QWidget* PipelinePanel::buildHead() {
    auto* head = new QWidget(this);
    name_->setObjectName(QStringLiteral("pipelineName"));
    name_->setProperty("flat", true);
    name_->setFocusPolicy(Qt::ClickFocus);
    name_->setPlaceholderText(tr("Pipeline"));
    name_->setToolTip(tr("What the pipeline is called"));
    QFont bold = name_->font();
    bold.setWeight(QFont::DemiBold);
    name_->setFont(bold);
    file_->setObjectName(QStringLiteral("pipelineFile"));
    file_->setProperty("dim", true);
    file_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    const auto setUp = [](QToolButton* button, const char* name, Pictogram icon, const QString& tip) {
        button->setObjectName(QLatin1String(name));
        button->setIcon(pictogram(icon));
        button->setToolTip(tip);
        button->setFocusPolicy(Qt::NoFocus);
    };
    setUp(undo_, "pipelineUndoButton", Pictogram::Undo, tr("Undo the last change of the pipeline (Ctrl+Z)"));
    setUp(redo_, "pipelineRedoButton", Pictogram::Redo, tr("Do it again (Ctrl+Shift+Z)"));
    add_->setObjectName(QStringLiteral("addStep"));
    add_->setFocusPolicy(Qt::NoFocus);
    auto* first = new QHBoxLayout;
    first->setSpacing(2);
    first->addWidget(name_, 1);
    first->addWidget(undo_);
    first->addWidget(redo_);
    auto* second = new QHBoxLayout;
    second->setContentsMargins(6, 0, 0, 0);
    second->addWidget(file_, 1);
    second->addWidget(add_);
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(6, 5, 6, 4);
    layout->setSpacing(3);
    layout->addLayout(first);
    layout->addLayout(second);
    connect(name_, &QLineEdit::textEdited, this, [this](const QString& text) {
        pipeline::Config config = editor_.config();
        config.name = text.toStdString();
        editor_.edit(std::move(config), "name");
    });
    connect(undo_, &QToolButton::clicked, &editor_, &PipelineEditor::undo);
    connect(redo_, &QToolButton::clicked, &editor_, &PipelineEditor::redo);
    connect(add_, &QPushButton::clicked, this, &PipelinePanel::chooseStep);
    return head;
}

QWidget* PipelinePanel::buildLookedAt() {
    auto* strip = new QFrame(this);
    strip->setProperty("strip", true);
    lookedAtText_ = new QLabel(strip);
    lookedAtText_->setObjectName(QStringLiteral("lookedAtText"));
    lookedAtText_->setWordWrap(true);
    auto* whole = new QPushButton(tr("Show the whole"), strip);
    whole->setObjectName(QStringLiteral("showWhole"));
    whole->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(9, 5, 6, 5);
    layout->addWidget(lookedAtText_, 1);
    layout->addWidget(whole);
    connect(whole, &QPushButton::clicked, this, [this] { editor_.lookAt(std::nullopt); });
    return strip;
}

QWidget* PipelinePanel::buildEmpty() {
    auto* page = new QWidget(this);
    auto* text = new QLabel(tr("A pipeline is a chain of steps, such as deskew, deconvolve and crop, that is computed "
                               "for what is shown, while you look at it. The files stay as they are."),
                            page);
    text->setWordWrap(true);
    text->setProperty("dim", true);
    auto* open = new QPushButton(pictogram(Pictogram::Files), tr("Open pipeline\u2026"), page);
    open->setObjectName(QStringLiteral("openPipelineButton"));
    open->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(12, 8, 12, 12);
    layout->setSpacing(10);
    layout->addWidget(text);
    layout->addWidget(open, 0, Qt::AlignLeft);
    layout->addStretch();
    connect(open, &QPushButton::clicked, this, &PipelinePanel::openWanted);
    return page;
}

void PipelinePanel::chooseStep() {
    auto* chooser = new StepChooser(this);
    connect(chooser, &StepChooser::chosen, this, [this](const QString& op) { editor_.addStep(op.toStdString()); });
    chooser->popup(*add_);
}

void PipelinePanel::refresh() {
    const bool open = editor_.isOpen();
    const bool steps = open && !editor_.config().steps.empty();
    empty_->setVisible(!steps);
    steps_->setVisible(steps);
    name_->setEnabled(open);
    const QString name = open ? toQString(editor_.config().name) : QString();
    if (name_->text() != name) name_->setText(name);
    const QString path = open ? pathToQString(editor_.config().path) : QString();
    const QString file = !open ? tr("none is open") : path.isEmpty() ? tr("not saved yet") : QFileInfo(path).fileName();
    file_->setText(editor_.modified() ? tr("%1, changed").arg(file) : file);
    file_->setToolTip(path);
    undo_->setEnabled(editor_.canUndo());
    redo_->setEnabled(editor_.canRedo());
    steps_->refreshSteps();
    steps_->refreshMistakes();
    steps_->refreshResults();
    steps_->refreshStates();
    refreshMessages();
    refreshLookedAt();
}

void PipelinePanel::refreshMessages() {
    QStringList parts;
    if (!editor_.fileMessages().empty()) {
        parts << tr("%1 was changed and cannot be used; the last good one stays:\n%2")
                     .arg(QFileInfo(pathToQString(editor_.config().path)).fileName(),
                          messageLines(editor_.fileMessages()));
    }
    pipeline::Messages whole;
    for (const pipeline::Message& message : editor_.messages()) {
        if (message.step == pipeline::Message::npos) whole.push_back(message);
    }
    if (!whole.empty()) parts << messageLines(whole);
    messageText_->setText(parts.join(QStringLiteral("\n\n")));
    messages_->setVisible(!parts.isEmpty());
}

void PipelinePanel::refreshLookedAt() {
    const auto step = editor_.isOpen() ? editor_.lookedAt() : std::nullopt;
    lookedAt_->setVisible(step.has_value());
    if (!step) return;
    const QString title = toQString(titleOf(editor_.config().steps[*step]));
    lookedAtText_->setText(tr("Up to step %1, %2").arg(*step + 1).arg(title));
}

void PipelinePanel::watchWork() {
    if (!editor_.isOpen() || !isVisible()) return;
    const std::uint64_t version = session_.executor().activity().version();
    if (version == std::exchange(seen_, version)) return;
    steps_->refreshStates();
}

} // namespace lazulite::gui
