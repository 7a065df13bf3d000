#include "tiff/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "lazulite/core/error.h"

namespace lazulite::io {

namespace {

/// A short name, so that a file name of the greatest length also has one beside it.
std::string temporaryBeside(const std::filesystem::path& path) {
    static std::atomic<unsigned> number = 0;
    return (path.parent_path() / fmt::format(".lazulite-{}-{}.part", getpid(), ++number)).string();
}

} // namespace

OutputFile::OutputFile(const std::string& path) : path_(path) {
    constexpr mode_t kMode = 0666;
    struct stat status {};
    std::string target = path;
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
        if (!unresolved) target = real.string();
    }
    path_ = target;
    temporary_ = temporaryBeside(target);
    handle_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    if (handle_ < 0) {
        temporary_.clear();
        fail("create", errno);
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
    // Some file systems say only here that there was no room.
    const int closed = close(handle_);
    handle_ = -1;
    if (closed != 0) fail("write", errno);
    if (temporary_.empty()) return;
    if (rename(temporary_.c_str(), path_.c_str()) != 0) fail("name", errno);
    temporary_.clear();
}

} // namespace lazulite::io
