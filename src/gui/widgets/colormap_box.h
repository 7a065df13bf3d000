#pragma once

#include <QColor>
#include <QComboBox>
#include <string>

namespace lazulite::gui {

/// The bright end of a colormap: what stands for the channel in histograms and sliders.
QColor brightColor(const std::string& colormap);

/// Chooses a colormap by its picture, or any colour.
class ColormapBox : public QComboBox {
    Q_OBJECT

public:
    explicit ColormapBox(QWidget* parent = nullptr);

    /// A name of view::colormapNames(), or "#rrggbb".
    void setColormap(const std::string& name);
    std::string colormap() const;

signals:
    /// The user chose another one.
    void colormapChosen(const QString& name);

protected:
    void wheelEvent(QWheelEvent* event) override; ///< scrolls the panel, never changes a colour by accident

private:
    void activatedItem(int index);
    void askForColor();

    std::string current_;
};

} // namespace lazulite::gui
