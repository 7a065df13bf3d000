#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/io/file_series.h"

namespace lazulite::io::test {

/// A folder for one test that is removed at its end.
class Folder {
public:
    Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder();

    std::string path(const std::string& name = "") const {
        return name.empty() ? path_.string() : (path_ / name).string();
    }
    /// Writes a file, and the folders that lead to it.
    void write(const std::string& name, const std::string& bytes) const;
    /// Writes `pages` planes of 6 x 5 uint16 whose first element is `start`, each element one more than the last.
    void writeStack(const std::string& name, std::int64_t pages, std::uint16_t start = 0) const;
    /// The same with an ImageDescription.
    void writeDescribed(const std::string& name, std::int64_t pages, const std::string& description,
                        std::uint16_t start = 0) const;

private:
    std::filesystem::path path_;
};

constexpr std::int64_t kHeight = 6;
constexpr std::int64_t kWidth = 5;

/// Opens, or throws Failure.
std::shared_ptr<const FileSeries> open(const std::string& path, const SeriesOptions& options = {});

/// "t=3 c=2 z=4 y=6 x=5"
std::string sizes(const Axes& axes);

/// The elements of a region as numbers, in row-major order; throws the Error as a Failure.
std::vector<double> values(const Source& source, const Region& region, ReadCounts* counts = nullptr);

/// The error of reading a region that cannot be read.
Error errorOf(const Source& source, const Region& region);

/// 0, 1, 2 ... as make_series.py counts, cut to the element's type.
std::vector<double> counting(std::size_t count, std::size_t modulus = 65536);

Region wholeOf(const Source& source);

} // namespace lazulite::io::test
