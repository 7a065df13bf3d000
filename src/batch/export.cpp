#include "lazulite/batch/export.h"

#include <filesystem>
#include <utility>

#include "layout.h"
#include "preparation.h"
#include "record.h"
#include "runner.h"

namespace lazulite::batch {

struct Export::Plan {
    Provenance provenance;
    ExportOptions options;
    Layout layout;
};

Export::Export(const graph::LazyArray& array, Provenance provenance, ExportOptions options) {
    Layout layout(array, provenance, options);
    plan_ = std::make_unique<const Plan>(Plan{std::move(provenance), std::move(options), std::move(layout)});
}

Export::~Export() = default;

const std::vector<Volume>& Export::volumes() const {
    return plan_->layout.volumes;
}

std::uint64_t Export::bytes() const {
    return plan_->layout.bytesOf(plan_->layout.region);
}

std::vector<std::string> Export::existing(Shard shard) const {
    std::vector<std::string> files;
    const Interval range = rangeOf(shard, volumes().size());
    for (std::int64_t i = range.begin; i < range.end; ++i) {
        const std::string& file = volumes()[static_cast<std::size_t>(i)].file;
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored) && (files.empty() || files.back() != file)) files.push_back(file);
    }
    return files;
}

ExportReport Export::run(graph::Executor& executor, const ExportControl& control, Shard shard) const {
    const Layout& layout = plan_->layout;
    const bool folder = layout.format == Layout::Format::Folder;
    if (!folder && shard.count > 1) throw Failure("a single file is not written in parts; name a folder");
    const Todo todo = todoOf(layout, plan_->provenance.series.get(), plan_->options, shard);
    Runner runner(executor, layout, plan_->provenance, plan_->options, control, todo);
    makeReady(layout, plan_->options, todo);
    if (folder) writeRecord(layout, plan_->provenance, plan_->options);
    ExportReport report = runner.run();
    // What a single file was made from is only true once the file is there.
    if (!folder && report.written > 0 && !report.cancelled) writeRecord(layout, plan_->provenance, plan_->options);
    return report;
}

} // namespace lazulite::batch
