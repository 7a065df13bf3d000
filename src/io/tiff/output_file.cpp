#include "tiff/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string_view>

#include "lazulite/core/error.h"
#include "lazulite/io/output_files.h"

namespace lazulite::io {

namespace {

constexpr std::string_view kBegin = ".lazulite-";
constexpr std::string_view kEnd = ".part";

/// Where this program runs: a lock may not be seen from another machine that shares the folder.
std::string machine() {
    std::array<char, 64> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    std::string text(name.data());
    std::replace(text.begin(), text.end(), '/', '_');
    constexpr std::size_t kLongest = 32;
    return text.substr(0, kLongest);
}

/// A short name, so that a file name of the greatest length also has one beside it.
std::string temporaryBeside(const std::filesystem::path& path) {
    static std::atomic<unsigned> number = 0;
    return (path.parent_path() / fmt::format("{}{}-{}-{}{}", kBegin, machine(), getpid(), ++number, kEnd)).string();
}

/// Removes the file unless its writer is alive.
bool removeDead(const std::filesystem::path& path, const std::string& ownBegin) {
    constexpr std::time_t kDay = 24 * 60 * 60;
    const int handle = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (handle < 0) return false;
    struct stat status {};
    const bool own = path.filename().string().starts_with(ownBegin);
    const bool old = fstat(handle, &status) == 0 && std::time(nullptr) - status.st_mtime > kDay;
    const bool removed =
        (own || old) && S_ISREG(status.st_mode) && flock(handle, LOCK_EX | LOCK_NB) == 0 && unlink(path.c_str()) == 0;
    close(handle);
    return removed;
}

} // namespace

OutputFile::OutputFile(const std::string& path) : path_(path) {
    struct stat status {};
    if (stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) fail("write", EISDIR);
        if (!S_ISREG(status.st_mode)) {
            handle_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
            if (handle_ < 0) fail("open", errno);
            return;
        }
        // Through a link to the file itself, so that the link stays.
        std::error_code unresolved;
        const auto real = std::filesystem::canonical(path, unresolved);
        if (!unresolved) path_ = real.string();
    }
    createTemporary();
}

void OutputFile::createTemporary() {
    constexpr mode_t kMode = 0666;
    while (true) {
        const std::string temporary = temporaryBeside(path_);
        handle_ = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
        if (handle_ < 0 && errno == EEXIST) continue; // left by another program of the same number
        if (handle_ < 0) fail("create", errno);
        temporary_ = temporary;
        flock(handle_, LOCK_EX | LOCK_NB); // a file system without locks is written all the same
        struct stat status {};
        if (fstat(handle_, &status) != 0 || status.st_nlink > 0) return;
        close(handle_); // somebody took it for abandoned before it was locked
    }
}

OutputFile::~OutputFile() {
    if (handle_ >= 0) close(handle_);
    if (!temporary_.empty()) unlink(temporary_.c_str());
}

void OutputFile::fail(const char* doing, int code) const {
    std::string advice;
    if (code == ENOSPC || code == EDQUOT) advice = "; free some space or write elsewhere";
    if (code == ENOENT) advice = "; create the folder first";
    if (code == EACCES || code == EPERM || code == EROFS) advice = "; check the permissions or write elsewhere";
    throw Failure(Error{Error::Kind::Unreadable,
                        fmt::format("cannot {} the file: {}{}", doing, std::strerror(code), advice),
                        path_,
                        {}});
}

void OutputFile::append(const void* data, std::size_t size) {
    const auto* from = static_cast<const std::byte*>(data);
    while (size > 0) {
        const ssize_t done = write(handle_, from, size);
        if (done < 0) {
            if (errno == EINTR) continue;
            fail("write", errno);
        }
        from += done;
        size -= static_cast<std::size_t>(done);
        bytes_ += static_cast<std::uint64_t>(done);
    }
}

void OutputFile::overwrite(std::uint64_t offset, const void* data, std::size_t size) {
    if (pwrite(handle_, data, size, static_cast<off_t>(offset)) != static_cast<ssize_t>(size)) fail("write", errno);
}

void OutputFile::finish() {
    // Some file systems say only at the close that there was no room. The lock lasts until the file has its name.
    const int lock = dup(handle_);
    const int closed = close(handle_);
    const int code = errno;
    handle_ = lock;
    if (closed != 0) fail("write", code);
    if (temporary_.empty()) return;
    if (rename(temporary_.c_str(), path_.c_str()) != 0) fail("name", errno);
    temporary_.clear();
}

void writeFile(const std::string& path, std::string_view contents) {
    OutputFile file(path);
    file.append(contents.data(), contents.size());
    file.finish();
}

std::size_t removeAbandoned(const std::string& folder) {
    const std::string ownBegin = fmt::format("{}{}-", kBegin, machine());
    std::size_t removed = 0;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(kBegin) && name.ends_with(kEnd) && removeDead(entry.path(), ownBegin)) ++removed;
    }
    return removed;
}

} // namespace lazulite::io
