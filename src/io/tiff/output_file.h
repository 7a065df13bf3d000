#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace lazulite::io {

/// A file that is written under another name beside its place and takes its name when it is finished; removed when it
/// is not. It is locked while it is written, so that removeAbandoned() knows what a killed program left. A place that
/// holds something else than a regular file (/dev/null, a pipe) is written directly. All functions throw Failure with
/// the path and what the system says.
class OutputFile {
public:
    explicit OutputFile(const std::string& path);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    void append(const void* data, std::size_t size);
    /// Writes over what was written before.
    void overwrite(std::uint64_t offset, const void* data, std::size_t size);
    std::uint64_t bytes() const { return bytes_; }
    void finish();

private:
    void createTemporary();
    [[noreturn]] void fail(const char* doing, int code) const;

    std::string path_;
    std::string temporary_; ///< empty: written directly, or finished
    int handle_ = -1;
    std::uint64_t bytes_ = 0;
};

} // namespace lazulite::io
