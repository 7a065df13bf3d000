#include "lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "lazulite/graph/operation.h"

namespace lazulite::batch {

namespace {

using graph::Fingerprint;
using graph::LazyArray;

bool isRecording(const LazyArray& array, const io::FileSeries* series) {
    return series != nullptr && array.source() == series->source().get();
}

/// Fingerprints that leave out where the recording lies.
class Recipes {
public:
    explicit Recipes(const io::FileSeries* series) : series_(series) {}

    Fingerprint of(const LazyArray& array) {
        const auto known = known_.find(array.fingerprint());
        if (known != known_.end()) return known->second;
        std::string text = "recording";
        if (const graph::Operation* operation = array.operation()) {
            text = fmt::format("{}({})", operation->name(), operation->parameters());
            for (const LazyArray& input : array.inputs()) {
                const Fingerprint print = of(input);
                text += fmt::format(" {:x} {:x}", print.low, print.high);
            }
        } else if (!isRecording(array, series_)) {
            text = array.source()->identity();
        }
        return known_[array.fingerprint()] = Fingerprint::of(text);
    }

private:
    const io::FileSeries* series_;
    std::unordered_map<Fingerprint, Fingerprint> known_;
};

bool holdsDear(const LazyArray& array, std::set<Fingerprint>& seen) {
    if (array.operation() == nullptr || !seen.insert(array.fingerprint()).second) return false;
    const graph::ComputeOperation* compute = array.operation()->asCompute();
    if (compute != nullptr && compute->cost() == graph::ComputeOperation::Cost::Expensive) return true;
    return std::any_of(array.inputs().begin(), array.inputs().end(),
                       [&](const LazyArray& input) { return holdsDear(input, seen); });
}

/// Goes from a box of an array to the files behind it, each box of each array once.
class Search {
public:
    Search(const io::FileSeries& series, bool own)
        : series_(series), own_(own), fileShape_(series.source()->fileShape()), shape_(shapeOf(series.axes())) {}

    void visit(const LazyArray& array, const Region& region) {
        if (region.empty() || !seen_.emplace(array.fingerprint(), region.toString()).second) return;
        if (isRecording(array, &series_)) return addFiles(region);
        if (array.operation() == nullptr) return;
        if (const graph::ViewOperation* view = array.operation()->asView()) {
            for (const graph::Piece& piece : view->pieces(region)) visit(array.inputs()[piece.input], piece.in);
            return;
        }
        for (const graph::Need& need : array.operation()->asCompute()->required(region)) {
            if (!own_ || need.input == 0) visit(array.inputs()[need.input], need.region);
        }
    }

    Lineage::Files take() { return std::move(files_); }

private:
    void addFiles(const Region& region) {
        forEachGridBlock(region, fileShape_, shape_, [&](const Region& file) {
            std::vector<std::int64_t> position;
            for (const Interval& range : file) position.push_back(range.begin);
            std::string path = series_.pathAt(position);
            if (path.empty()) {
                if (files_.missing.empty()) files_.missing = position;
            } else if (known_.insert(path).second) {
                files_.paths.push_back(std::move(path));
            }
        });
    }

    const io::FileSeries& series_;
    bool own_;
    Shape fileShape_;
    Shape shape_;
    std::set<std::pair<Fingerprint, std::string>> seen_;
    std::set<std::string> known_;
    Lineage::Files files_;
};

} // namespace

Lineage::Lineage(const LazyArray& array, const io::FileSeries* series)
    : array_(array), series_(series), recipe_(Recipes(series).of(array)) {
    std::set<Fingerprint> seen;
    dear_ = holdsDear(array, seen);
}

Lineage::Files Lineage::filesOf(const Region& region) const {
    return follow(region, false);
}

Lineage::Files Lineage::ownFilesOf(const Region& region) const {
    return follow(region, true);
}

Lineage::Files Lineage::follow(const Region& region, bool own) const {
    if (series_ == nullptr) return {};
    Search search(*series_, own);
    search.visit(array_, region);
    return search.take();
}

} // namespace lazulite::batch
