#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/batch/export.h"
#include "lazulite/io/tiff_description.h"
#include "lazulite/io/tiff_writer.h"
#include "support/memory_source.h"

namespace lazulite::batch::test {

using lazulite::testing::fillFrom;
using lazulite::testing::forEachPosition;
using lazulite::testing::MemorySource;
using lazulite::testing::namedAxes;

/// A folder for one test with a recording in `raw` and room for results; removed at its end.
class Recording : public ::testing::Test {
protected:
    static constexpr std::int64_t kPlanes = 4;
    static constexpr std::int64_t kRows = 6;
    static constexpr std::int64_t kColumns = 5;

    Recording() {
        std::string name = (std::filesystem::temp_directory_path() / "lazulite-batch-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = name;
        std::filesystem::create_directory(folder_ / "raw");
    }
    ~Recording() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    /// What the recording holds at (t, c, z, y, x).
    static double expected(const std::vector<std::int64_t>& position) { return MemorySource::expected(position); }

    /// One stack a file: 3 timepoints of 2 channels, 0.2 um apart, pixels of 0.1 um.
    void writeStacks(const std::string& prefix = "cell_") const {
        for (std::int64_t t = 0; t < 3; ++t) {
            for (std::int64_t c = 0; c < 2; ++c) writeStack(stackName(t, c, prefix), t, c);
        }
    }
    static std::string stackName(std::int64_t t, std::int64_t c, const std::string& prefix = "cell_") {
        return prefix + "ch" + std::to_string(c) + "_stack000" + std::to_string(t) + ".tif";
    }
    void writeStack(const std::string& name, std::int64_t t, std::int64_t c) const {
        const std::string file = path("raw/" + name);
        std::filesystem::create_directories(std::filesystem::path(file).parent_path());
        const Region region({{t, t + 1}, {c, c + 1}, {0, kPlanes}, {0, kRows}, {0, kColumns}});
        std::vector<std::uint16_t> elements(static_cast<std::size_t>(region.elementCount()));
        const auto data = std::shared_ptr<std::byte>(reinterpret_cast<std::byte*>(elements.data()), [](std::byte*) {});
        fillFrom({data.get(), DType::UInt16, region, rowMajorStrides(region.shape(), 2)}, expected);
        io::TiffWriter writer(file,
                              {.height = kRows,
                               .width = kColumns,
                               .description = io::imageJDescription({.slices = kPlanes, .spacing = 0.2, .unit = "um"}),
                               .xResolution = 10,
                               .yResolution = 10});
        writer.append(Block(data, DType::UInt16, region));
        writer.finish();
    }

    std::shared_ptr<const io::FileSeries> open(const std::string& where = "raw",
                                               const io::SeriesOptions& options = {}) const {
        ReadCounts counts;
        return io::FileSeries::open({path(where)}, options, counts);
    }
    static graph::LazyArray arrayOf(const std::shared_ptr<const io::FileSeries>& series) {
        return graph::LazyArray::fromSource(series->source());
    }

    /// Exports what lies in `raw`.
    ExportReport exported(ExportOptions options, const ExportControl& control = {}, Shard shard = {}) {
        if (options.output.empty()) options.output = path("out");
        const auto series = open();
        return Export(arrayOf(series), {.series = series}, options).run(executor_, control, shard);
    }

    /// All elements of an array, as numbers, in row-major order.
    std::vector<double> valuesOf(const graph::LazyArray& array) {
        const Region whole = Region::whole(array.shape());
        const Block block = executor_.run({.array = array, .region = whole}).block.valueOrThrow();
        std::vector<double> values;
        forEachPosition(whole, [&](const std::vector<std::int64_t>& at) { values.push_back(block.valueAt(at)); });
        return values;
    }
    std::vector<double> valuesIn(const std::string& file) { return valuesOf(arrayOf(open(file))); }

    /// What the stack at (t, c) holds.
    static std::vector<double> stackValues(std::int64_t t, std::int64_t c) {
        std::vector<double> values;
        forEachPosition(Region({{t, t + 1}, {c, c + 1}, {0, kPlanes}, {0, kRows}, {0, kColumns}}),
                        [&](const std::vector<std::int64_t>& at) { values.push_back(expected(at)); });
        return values;
    }

    /// The names in a folder and its sub-folders, sorted, hidden ones too.
    std::vector<std::string> namesIn(const std::string& where) const {
        std::vector<std::string> names;
        if (!std::filesystem::exists(path(where))) return names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path(where))) {
            if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(path(where)).string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }
    static std::string textOf(const std::string& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }

    /// What a failing call says.
    template <typename Call>
    static std::string messageOf(Call&& call) {
        try {
            call();
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "no failure";
    }

    std::filesystem::path folder_;
    graph::Executor executor_{{.memoryLimit = 64U << 20U, .threads = 2}};
};

} // namespace lazulite::batch::test
