#include <gtest/gtest.h>

#include <QSettings>
#include <QTemporaryDir>

#include "app/ui_application.h"

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    lazulite::gui::UiApplication::prepare();
    lazulite::gui::UiApplication application(argc, argv);
    const QTemporaryDir settings; // the settings of whoever runs the tests stay as they are
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    return RUN_ALL_TESTS();
}
