#include "problem_list.h"

namespace lazulite::view {

bool ProblemList::report(const Position& position, const std::vector<Error>& errors) {
    std::map<std::string, Error> byText;
    for (const Error& error : errors) {
        if (error.kind != Error::Kind::Cancelled) byText.emplace(error.text(), error);
    }
    const std::lock_guard lock(mutex_);
    const auto known = found_.find(position);
    if (byText.empty()) {
        if (known == found_.end()) return false;
        found_.erase(known);
        return true;
    }
    if (known == found_.end()) {
        if (found_.size() >= kMost) return false;
        found_.emplace(position, std::move(byText));
        return true;
    }
    const bool same = std::equal(known->second.begin(), known->second.end(), byText.begin(), byText.end(),
                                 [](const auto& a, const auto& b) { return a.first == b.first; });
    if (!same) known->second = std::move(byText);
    return !same;
}

std::vector<Problem> ProblemList::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Problem> problems;
    for (const auto& [position, errors] : found_) {
        for (const auto& [text, error] : errors) problems.push_back({position, error});
    }
    return problems;
}

void ProblemList::clear() {
    const std::lock_guard lock(mutex_);
    found_.clear();
}

} // namespace lazulite::view
