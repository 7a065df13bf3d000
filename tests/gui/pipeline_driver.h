#pragma once

#include <QFile>
#include <QTemporaryDir>
#include <string>

#include "driver.h"
#include "panels/pipeline_panel.h"
#include "pipeline/pipeline_editor.h"
#include "steps/step_card.h"
#include "steps/step_list.h"

namespace lazulite::testing {

/// A window with a pipeline, and a folder for its files.
class PipelineDriver : public Driver {
public:
    using Driver::Driver;

    gui::PipelineEditor& editor() { return window().editor(); }

    /// Writes a file of that folder, over what is there.
    std::string write(const char* name, const std::string& text) {
        QFile file(folder_.filePath(QLatin1String(name)));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(text.c_str(), static_cast<qint64>(text.size()));
        return file.fileName().toStdString();
    }
    std::string read(const char* name) {
        QFile file(folder_.filePath(QLatin1String(name)));
        EXPECT_TRUE(file.open(QIODevice::ReadOnly));
        return file.readAll().toStdString();
    }
    QString path(const char* name) const { return folder_.filePath(QLatin1String(name)); }

    /// Opens the smallMovie at t = 1, z = 0, where a pixel is 100 + y, and a pipeline on it.
    std::shared_ptr<ScriptedSource> showWith(const std::string& config) {
        auto source = smallMovie();
        gui::WindowOptions options = limits(0, 510); // a value of 2 is a gray level of 1
        options.at = {{"t", 1}, {"z", 0}};
        showAndWait(source, options);
        open(config);
        return source;
    }
    void open(const std::string& config) {
        window().openPipeline(write("pipeline.toml", config));
        ASSERT_TRUE(waitFor([this] { return editor().isOpen() && editor().built(); }));
        ASSERT_TRUE(waitForPicture());
    }

    /// Until what was changed last is built and shown.
    bool waitForResult(const std::function<bool()>& changed) { return waitFor(changed) && waitForPicture(); }
    /// The value in the middle of a row, as far as gray levels tell it.
    bool waitForValue(double value, double row = 10) {
        return waitFor([&] { return std::abs(colorAt(row, 15).red() - value / 2) <= 2 && !session().busyForMs(); });
    }

    gui::StepCard& card(std::size_t step) {
        const auto& cards = window().findChild<gui::StepList*>()->cards();
        EXPECT_LT(step, cards.size());
        return *cards.at(step);
    }
    std::size_t cardCount() { return window().findChild<gui::StepList*>()->cards().size(); }
    template <typename T>
    T* part(std::size_t step, const char* name) {
        T* found = card(step).findChild<T*>(QLatin1String(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }
    /// The field of a parameter.
    template <typename T>
    T* field(std::size_t step, const char* parameter, const char* name) {
        auto* editor = part<QWidget>(step, (std::string("parameter_") + parameter).c_str());
        T* found = editor != nullptr ? editor->findChild<T*>(QLatin1String(name)) : nullptr;
        EXPECT_NE(found, nullptr) << parameter << " " << name;
        return found;
    }
    std::string ops() {
        std::string text;
        for (const pipeline::Step& step : editor().config().steps) text += (text.empty() ? "" : " ") + step.op;
        return text;
    }

private:
    QTemporaryDir folder_;
};

inline const std::string kDouble = "[[step]]\nop = \"rescale\"\ngain = 2\n";
inline const std::string kMinus100 = "[[step]]\nop = \"background\"\nvalue = 100\n";

/// Closes dialogs and menus that a test opened.
inline void closePopups() {
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (widget->windowType() == Qt::Popup || widget->inherits("QDialog")) widget->close();
    }
    QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QApplication::processEvents();
}

} // namespace lazulite::testing
