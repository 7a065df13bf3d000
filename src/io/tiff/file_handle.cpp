#include "tiff/file_handle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lazulite/io/tiff_file.h"

namespace lazulite::io {

namespace {

constexpr std::size_t kMostHandles = 64;

FileFacts factsOf(const struct stat& status) {
    constexpr std::int64_t kNsPerSecond = 1'000'000'000;
    return {static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec * kNsPerSecond + status.st_mtim.tv_nsec};
}

Failure systemFailure(const std::string& path, const char* doing, int code) {
    const bool gone = code == ENOENT || code == ENOTDIR;
    std::string advice;
    if (code == EACCES || code == EPERM) advice = "; check its permissions";
    if (code == EMFILE || code == ENFILE) advice = "; raise the limit (ulimit -n) or close other programs";
    return Failure(Error{gone ? Error::Kind::Missing : Error::Kind::Unreadable,
                         gone ? "the file is gone or was never there"
                              : fmt::format("cannot {} the file: {}{}", doing, std::strerror(code), advice),
                         path,
                         {}});
}

Failure changedFailure(const std::string& path) {
    return Failure(
        Error{Error::Kind::Corrupt, "the file changed on disk while it was open; retry reads it again", path, {}});
}

std::size_t handleLimit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kMostHandles;
    return std::clamp<std::size_t>(limit.rlim_cur / 2, 1, kMostHandles);
}

} // namespace

std::uint64_t FileFacts::stamp() const {
    constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;
    std::uint64_t value = (bytes + 1) * kMultiplier;
    value = (value ^ (value >> 32U) ^ static_cast<std::uint64_t>(modifiedNs)) * kMultiplier;
    value ^= value >> 29U;
    return value == 0 ? 1 : value;
}

std::uint64_t fileStamp(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return factsOf(status).stamp();
}

OpenFile::~OpenFile() {
    HandlePool::shared().release(file_);
}

std::uint64_t OpenFile::bytes() const {
    return file_.facts().bytes;
}

void OpenFile::readAt(std::uint64_t offset, void* to, std::size_t size) const {
    auto* place = static_cast<std::byte*>(to);
    if (offset > bytes() || size > bytes() - offset) {
        throw Failure(
            Error{Error::Kind::Corrupt,
                  fmt::format("the file is cut short: {} bytes at {} lie behind its end at {}", size, offset, bytes()),
                  file_.path(),
                  {}});
    }
    while (size > 0) {
        const ssize_t got = pread(handle_, place, size, static_cast<off_t>(offset));
        if (got < 0) {
            if (errno == EINTR) continue;
            throw systemFailure(file_.path(), "read", errno);
        }
        if (got == 0) {
            throw Failure(Error{Error::Kind::Corrupt,
                                "the file was cut short while it was open; retry reads it again",
                                file_.path(),
                                {}});
        }
        counts_.bytesRead += got;
        place += got;
        offset += static_cast<std::uint64_t>(got);
        size -= static_cast<std::size_t>(got);
    }
}

void OpenFile::readRowsAt(std::uint64_t offset, std::byte* to, std::size_t rowBytes, std::int64_t stride,
                          std::int64_t rows) const {
    constexpr std::int64_t kRowsAtOnce = 256;
    std::array<iovec, kRowsAtOnce> pieces{};
    for (std::int64_t row = 0; row < rows;) {
        const std::int64_t now = std::min(kRowsAtOnce, rows - row);
        for (std::int64_t i = 0; i < now; ++i)
            pieces.at(static_cast<std::size_t>(i)) = {to + (row + i) * stride, rowBytes};
        const std::size_t wanted = rowBytes * static_cast<std::size_t>(now);
        const ssize_t got = preadv(handle_, pieces.data(), static_cast<int>(now), static_cast<off_t>(offset));
        if (got >= 0 && static_cast<std::size_t>(got) == wanted) {
            counts_.bytesRead += got;
        } else {
            for (std::int64_t i = 0; i < now; ++i) {
                readAt(offset + rowBytes * static_cast<std::size_t>(i), to + (row + i) * stride, rowBytes);
            }
        }
        offset += wanted;
        row += now;
    }
}

PooledFile::~PooledFile() {
    HandlePool::shared().forget(*this);
}

OpenFile PooledFile::acquire(ReadCounts& counts) {
    return {*this, HandlePool::shared().acquire(*this, counts), counts};
}

HandlePool& HandlePool::shared() {
    static HandlePool pool(handleLimit());
    return pool;
}

int HandlePool::acquire(PooledFile& file, ReadCounts& counts) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !file.opening_; });
    if (file.handle_ >= 0 && !stillThere(file)) {
        if (file.users_ > 0) throw changedFailure(file.path_);
        closeHandle(file);
    }
    if (file.handle_ < 0) {
        openNow(file, lock);
        ++counts.filesOpened;
    } else {
        open_.splice(open_.begin(), open_, file.place_);
    }
    ++file.users_;
    return file.handle_;
}

void HandlePool::release(PooledFile& file) {
    {
        const std::lock_guard lock(mutex_);
        --file.users_;
    }
    changed_.notify_all();
}

void HandlePool::forget(PooledFile& file) {
    {
        const std::lock_guard lock(mutex_);
        if (file.handle_ >= 0) closeHandle(file);
    }
    changed_.notify_all();
}

/// Whether the open handle is still the file of that path, unchanged. One fstat.
bool HandlePool::stillThere(PooledFile& file) {
    struct stat status {};
    return fstat(file.handle_, &status) == 0 && status.st_nlink > 0 && factsOf(status) == file.facts_;
}

bool HandlePool::closeOneIdle() {
    for (auto place = open_.rbegin(); place != open_.rend(); ++place) {
        if ((*place)->users_ == 0) {
            closeHandle(**place);
            return true;
        }
    }
    return false;
}

void HandlePool::closeHandle(PooledFile& file) {
    close(file.handle_);
    file.handle_ = -1;
    open_.erase(file.place_);
    --used_;
}

int HandlePool::openNow(PooledFile& file, std::unique_lock<std::mutex>& lock) {
    file.opening_ = true;
    const auto leave = [&](int handle) {
        file.opening_ = false;
        if (handle < 0) --used_;
        changed_.notify_all();
    };
    changed_.wait(lock, [&] { return used_ < limit_ || closeOneIdle(); });
    ++used_;
    int handle = -1;
    int code = 0;
    while (true) {
        // The network may be slow: others go on meanwhile. O_NONBLOCK so that a named pipe cannot hang us.
        lock.unlock();
        handle = open(file.path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        code = errno;
        lock.lock();
        if (handle >= 0 || (code != EMFILE && code != ENFILE && code != EINTR)) break;
        if (code == EINTR || closeOneIdle()) continue;
        if (open_.empty()) break;
        changed_.wait(lock, [&] { return open_.empty() || closeOneIdle(); });
    }
    if (handle < 0) {
        leave(-1);
        throw systemFailure(file.path_, "open", code);
    }
    struct stat status {};
    const bool asked = fstat(handle, &status) == 0;
    code = errno;
    const bool regular = asked && S_ISREG(status.st_mode);
    const bool changed = regular && file.known_ && factsOf(status) != file.facts_;
    if (!regular || changed) {
        close(handle);
        leave(-1);
        if (!asked) throw systemFailure(file.path_, "look at", code);
        if (changed) throw changedFailure(file.path_);
        const char* what = S_ISDIR(status.st_mode) ? "this is a folder, not a file" : "this is not a regular file";
        throw Failure(Error{Error::Kind::Unreadable, what, file.path_, {}});
    }
    if (!file.known_) file.facts_ = factsOf(status);
    file.known_ = true;
    file.handle_ = handle;
    file.place_ = open_.insert(open_.begin(), &file);
    leave(handle);
    return handle;
}

} // namespace lazulite::io
