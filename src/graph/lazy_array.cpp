#include "lazulite/graph/lazy_array.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "lazulite/core/error.h"
#include "lazulite/graph/operation.h"

namespace lazulite::graph {

struct LazyArray::Node {
    std::shared_ptr<const Source> source;
    std::shared_ptr<const Operation> operation;
    std::vector<LazyArray> inputs;
    DType dtype = DType::UInt8;
    Shape blockShape;
    Fingerprint fingerprint;
};

Fingerprint Fingerprint::of(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.low64, hash.high64};
}

LazyArray LazyArray::fromSource(std::shared_ptr<const Source> source) {
    LazyArray array;
    array.axes_ = source->axes();
    auto node = std::make_shared<Node>();
    node->dtype = source->dtype();
    node->blockShape = source->blockShape();
    node->fingerprint = Fingerprint::of("source " + source->identity());
    node->source = std::move(source);
    array.node_ = std::move(node);
    return array;
}

LazyArray LazyArray::fromOperation(std::shared_ptr<const Operation> operation, std::vector<LazyArray> inputs) {
    ArrayInfo info = operation->describe(inputs);
    std::string text = fmt::format("{} {}", operation->name(), operation->parameters());
    for (const LazyArray& input : inputs) {
        text += fmt::format(" {:016x}{:016x}", input.fingerprint().high, input.fingerprint().low);
    }
    auto node = std::make_shared<Node>();
    node->dtype = info.dtype;
    node->blockShape = std::move(info.blockShape);
    node->fingerprint = Fingerprint::of(text);
    node->operation = std::move(operation);
    node->inputs = std::move(inputs);
    LazyArray array;
    array.axes_ = std::move(info.axes);
    array.node_ = std::move(node);
    return array;
}

namespace {

/// `array` without its dear operations, and whether there were any; empty where one has no stand-in.
LazyArray withoutDear(const LazyArray& array, bool& changed) {
    if (array.operation() == nullptr) return array;
    const ComputeOperation* compute = array.operation()->asCompute();
    if (compute != nullptr && compute->cost() == ComputeOperation::Cost::Expensive) {
        const LazyArray standIn = compute->standIn(array.inputs());
        changed = true;
        return standIn ? withoutDear(standIn, changed) : LazyArray();
    }
    std::vector<LazyArray> inputs;
    bool inputsChanged = false;
    for (const LazyArray& input : array.inputs()) {
        // A number of a volume is found once and kept: it stays.
        inputs.push_back(elementCount(input.blockShape()) == 1 ? input : withoutDear(input, inputsChanged));
        if (!inputs.back()) return {};
    }
    if (!inputsChanged) return array;
    changed = true;
    return array.derivedFrom(std::move(inputs));
}

void collectDear(const LazyArray& array, std::vector<std::string>& names) {
    if (array.operation() == nullptr || elementCount(array.blockShape()) == 1) return;
    for (const LazyArray& input : array.inputs()) collectDear(input, names);
    const ComputeOperation* compute = array.operation()->asCompute();
    if (compute == nullptr || compute->cost() != ComputeOperation::Cost::Expensive) return;
    if (std::find(names.begin(), names.end(), compute->name()) == names.end()) names.push_back(compute->name());
}

} // namespace

std::vector<std::string> dearOperations(const LazyArray& array) {
    std::vector<std::string> names;
    if (array) collectDear(array, names);
    return names;
}

LazyArray previewOf(const LazyArray& array) {
    if (!array) return {};
    bool changed = false;
    try {
        LazyArray preview = withoutDear(array, changed);
        return changed && preview && preview.shape() == array.shape() ? preview.withAxes(array.axes()) : LazyArray();
    } catch (const Failure&) { // an operation refuses the type of the stand-in
        return {};
    }
}

LazyArray LazyArray::withAxes(Axes axes) const {
    if (shapeOf(axes) != shape()) throw Failure("the corrected axes must have the sizes of the array's own");
    LazyArray corrected = *this;
    corrected.axes_ = std::move(axes);
    return corrected;
}

LazyArray LazyArray::derivedFrom(std::vector<LazyArray> inputs) const {
    return fromOperation(node_->operation, std::move(inputs));
}

DType LazyArray::dtype() const {
    return node_ ? node_->dtype : DType::UInt8;
}

const Shape& LazyArray::blockShape() const {
    return node_->blockShape;
}

const Fingerprint& LazyArray::fingerprint() const {
    return node_->fingerprint;
}

std::int64_t LazyArray::bytes() const {
    if (!node_) return 0;
    Shape withElement = shape();
    withElement.push_back(static_cast<std::int64_t>(bytesPer(dtype())));
    return elementCount(withElement);
}

const Source* LazyArray::source() const {
    return node_ ? node_->source.get() : nullptr;
}

const Operation* LazyArray::operation() const {
    return node_ ? node_->operation.get() : nullptr;
}

const std::vector<LazyArray>& LazyArray::inputs() const {
    return node_->inputs;
}

} // namespace lazulite::graph
