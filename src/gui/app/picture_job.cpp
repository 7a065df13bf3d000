#include "app/picture_job.h"

#include <QCoreApplication>
#include <QImageWriter>
#include <QSaveFile>
#include <cstdio>
#include <utility>

#include "lazulite/core/error.h"
#include "widgets/text.h"

namespace lazulite::gui {

namespace {
constexpr int kLookEveryMs = 20;
constexpr int kCalmLooks = 6; // nothing new for so long: limits are refined and all channels are in
} // namespace

PictureJob::PictureJob(const RenderOptions& options)
    : options_(options),
      session_({.memoryLimit = options.window.memoryLimit, .threads = options.window.threads}),
      canvas_(session_) {
    canvas_.setAttribute(Qt::WA_DontShowOnScreen);
    const double ratio = canvas_.devicePixelRatioF();
    canvas_.setMinimumSize(1, 1);
    canvas_.resize(static_cast<int>(options.width / ratio), static_cast<int>(options.height / ratio));
    canvas_.show();
    connect(&opener_, &Opener::opened, this, &PictureJob::show);
    connect(&opener_, &Opener::failed, this,
            [this](const Error& error) { fail(kExitBadInput, QString::fromStdString(error.text())); });
    connect(&session_, &Session::pictureChanged, this, [this] { calmFor_ = 0; });
    connect(&session_, &Session::volumeChanged, this, [this] { calmFor_ = 0; });
    connect(&canvas_, &Canvas::volumeFailed, this, [this](const QString& reason) { fail(kExitFailed, reason); });
    connect(&calm_, &QTimer::timeout, this, &PictureJob::check);
    options_.window.memoryLimit = session_.executor().memory().usage().limit;
    opener_.open(options_.window.paths, options_.window);
}

void PictureJob::show(const Recording& recording) {
    if (recording.pipeline && !recording.pipeline->ok()) {
        QStringList lines;
        for (const pipeline::Message& message : recording.pipeline->messages) lines << toQString(message.toString());
        return fail(kExitBadInput, lines.join(QLatin1Char('\n')));
    }
    try {
        view::ViewState state = startState(recording, options_.window);
        state.scaleBar = options_.scaleBar;
        session_.show(recording, std::move(state));
        calm_.start(kLookEveryMs);
    } catch (const Failure& failure) {
        fail(kExitBadInput, QString::fromUtf8(failure.what()));
    }
}

void PictureJob::check() {
    const bool three = session_.state().ndisplay == 3;
    const auto& picture = session_.picture();
    const auto& volume = session_.volume();
    const bool there = three ? volume && !volume->coarse && !session_.volumeProgress() && canvas_.volumeDrawn()
                             : picture && !picture->stale;
    calmFor_ = there && !session_.busyForMs() ? calmFor_ + 1 : 0;
    if (calmFor_ < kCalmLooks) return;
    calm_.stop();
    write();
}

void PictureJob::write() {
    const QImage image = canvas_.screenshot();
    for (const view::Problem& problem : session_.problems()) {
        std::fprintf(stderr, "lazulite: %s\n", problem.error.text().c_str());
    }
    QSaveFile file(pathToQString(options_.output));
    if (!file.open(QIODevice::WriteOnly) || !QImageWriter(&file, "png").write(image) || !file.commit()) {
        return fail(kExitFailed, tr("cannot write %1: %2").arg(pathToQString(options_.output), file.errorString()));
    }
    QCoreApplication::exit(kExitDone);
}

void PictureJob::fail(int code, const QString& message) {
    std::fprintf(stderr, "lazulite: %s\n", qUtf8Printable(message));
    // Queued, because the event loop may not run yet.
    QMetaObject::invokeMethod(
        this, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
}

} // namespace lazulite::gui
