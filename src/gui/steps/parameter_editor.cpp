#include "steps/parameter_editor.h"

#include "steps/channel_editors.h"
#include "steps/simple_editors.h"

namespace lazulite::gui {

namespace {

using pipeline::ParameterKind;

ParameterEditor* makeOne(const pipeline::ParameterSchema& parameter, const StepPlace& place, QWidget* parent) {
    switch (parameter.kind) {
        case ParameterKind::Number:
        case ParameterKind::Integer:
        case ParameterKind::Timepoint:
            return new NumberEditor(parameter, parent);
        case ParameterKind::Boolean:
            return new BooleanEditor(parameter, parent);
        case ParameterKind::Choice:
        case ParameterKind::Dtype:
            return new ChoiceEditor(parameter, parent);
        case ParameterKind::Vector:
        case ParameterKind::Counts:
            return new VectorEditor(parameter, parent);
        case ParameterKind::Path:
        case ParameterKind::Shifts:
            return new PathEditor(parameter, place, parent);
        case ParameterKind::Text:
        case ParameterKind::Slice:
        case ParameterKind::Matrix:
        case ParameterKind::Names:
        case ParameterKind::Expression:
        case ParameterKind::Position:
            break;
    }
    return new TextEditor(parameter, parent);
}

} // namespace

ParameterEditor* ParameterEditor::make(const pipeline::ParameterSchema& parameter, const StepPlace& place,
                                       QWidget* parent) {
    if (!parameter.perChannel) return makeOne(parameter, place, parent);
    pipeline::ParameterSchema one = parameter;
    one.perChannel = false;
    return new ChannelEditors([one, place](QWidget* owner) { return makeOne(one, place, owner); }, place.channels,
                              parent);
}

} // namespace lazulite::gui
