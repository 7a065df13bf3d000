#include "steps/channel_editors.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "widgets/icons.h"

namespace lazulite::gui {

namespace {

using pipeline::Value;

std::string keyOf(int channel) {
    return "ch" + std::to_string(channel);
}

} // namespace

ChannelEditors::ChannelEditors(Maker make, QStringList channels, QWidget* parent)
    : ParameterEditor(parent), make_(std::move(make)), channels_(std::move(channels)), each_(new QToolButton(this)) {
    each_->setObjectName(QStringLiteral("perChannel"));
    each_->setIcon(pictogram(Pictogram::Channels));
    each_->setCheckable(true);
    each_->setFocusPolicy(Qt::NoFocus);
    each_->setToolTip(tr("A value for each channel"));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    line->addWidget(each_, 0, Qt::AlignTop);
    connect(each_, &QToolButton::clicked, this, &ChannelEditors::toggle);
    build({""});
}

QString ChannelEditors::nameOf(const std::string& key) const {
    for (int i = 0; i < channels_.size(); ++i) {
        if (key == keyOf(i) || key == std::to_string(i)) return channels_[i];
    }
    return QString::fromStdString(key);
}

std::vector<std::string> ChannelEditors::keysFor(const Value::Table& table) const {
    std::vector<std::string> keys;
    for (const pipeline::Setting& entry : table) keys.push_back(entry.key);
    for (int i = 0; i < channels_.size(); ++i) {
        const bool known =
            std::ranges::any_of(keys, [&](const std::string& key) { return nameOf(key) == channels_[i]; });
        if (!known) keys.push_back(keyOf(i));
    }
    return keys;
}

void ChannelEditors::build(const std::vector<std::string>& keys) {
    if (keys == keys_) return;
    keys_ = keys;
    editors_.clear();
    if (lines_ != nullptr) {
        lines_->hide();
        lines_->deleteLater(); // an editor in it may be what brought us here
    }
    lines_ = new QWidget(this);
    auto* form = new QFormLayout(lines_);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(4);
    if (keys.size() > 1) form->setContentsMargins(10, 0, 0, 0); // below the parameter's name
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const std::string& key : keys_) {
        ParameterEditor* editor = make_(lines_);
        connect(editor, &ParameterEditor::edited, this,
                [this, key](const std::optional<Value>& value) { onEdited(key, value); });
        connect(editor, &ParameterEditor::mistyped, this, &ParameterEditor::mistyped);
        if (key.empty()) {
            form->addRow(editor);
        } else {
            editor->setObjectName(QString::fromStdString(key));
            auto* label = new QLabel(nameOf(key), lines_);
            label->setProperty("dim", true);
            form->addRow(label, editor);
        }
        editors_.push_back(editor);
    }
    static_cast<QHBoxLayout*>(layout())->insertWidget(0, lines_, 1);
    lines_->show();
    emit tallChanged();
}

void ChannelEditors::setValue(const Value* value) {
    const auto now = value != nullptr ? std::optional(*value) : std::nullopt;
    if (now == value_ && now) return;
    if (!now && !value_ && !editors_.empty() && each_->isChecked()) return; // lines that are about to be filled
    value_ = now;
    const auto* table = value != nullptr ? value->get<Value::Table>() : nullptr;
    const bool each = table != nullptr;
    {
        const QSignalBlocker quiet(each_);
        each_->setChecked(each);
    }
    each_->setVisible(each || channels_.size() > 1);
    build(each ? keysFor(*table) : std::vector<std::string>{""});
    for (std::size_t i = 0; i < editors_.size(); ++i)
        editors_[i]->setValue(each ? pipeline::findIn(*table, keys_[i]) : value);
}

void ChannelEditors::toggle(bool each) {
    const auto* table = value_ ? value_->get<Value::Table>() : nullptr;
    if (!each) {
        // The first channel's value becomes that of all.
        if (table == nullptr || table->empty()) return emit edited(std::nullopt);
        return emit edited(table->front().value);
    }
    if (!value_) { // nothing to be told yet: the lines appear, and what is set in them counts
        std::vector<std::string> keys;
        for (int i = 0; i < channels_.size(); ++i) keys.push_back(keyOf(i));
        return build(keys);
    }
    Value::Table each_one;
    for (int i = 0; i < channels_.size(); ++i) each_one.push_back({keyOf(i), *value_});
    emit edited(Value(std::move(each_one)));
}

void ChannelEditors::onEdited(const std::string& key, const std::optional<Value>& value) {
    if (key.empty()) return emit edited(value);
    const auto* before = value_ ? value_->get<Value::Table>() : nullptr;
    Value::Table table = before != nullptr ? *before : Value::Table{};
    const auto entry = std::ranges::find(table, key, &pipeline::Setting::key);
    if (!value && entry != table.end()) table.erase(entry);
    if (value && entry != table.end()) entry->value = *value;
    if (value && entry == table.end()) table.push_back({key, *value});
    if (table.empty()) return emit edited(std::nullopt);
    emit edited(Value(std::move(table)));
}

void ChannelEditors::setMistaken(bool mistaken) {
    for (ParameterEditor* editor : editors_) editor->setMistaken(mistaken);
}

} // namespace lazulite::gui
