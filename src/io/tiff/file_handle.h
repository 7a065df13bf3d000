#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>

#include "lazulite/core/source.h"

// Inside this room's TIFF half a failure travels as a Failure; TiffFile turns it into the Result that its callers get.

namespace lazulite::io {

/// What tells one state of a file from another.
struct FileFacts {
    std::uint64_t bytes = 0;
    std::int64_t modifiedNs = 0;

    /// Never 0.
    std::uint64_t stamp() const;
    bool operator==(const FileFacts&) const = default;
};

class PooledFile;

/// A file that is open for as long as this object lives; made by PooledFile::acquire.
class OpenFile {
public:
    OpenFile(PooledFile& file, int handle, ReadCounts& counts) : file_(file), handle_(handle), counts_(counts) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile();

    std::uint64_t bytes() const;
    ReadCounts& counts() const { return counts_; }

    /// Fills `to`. Throws Failure: Corrupt where the file ends before, Unreadable where the system refuses.
    void readAt(std::uint64_t offset, void* to, std::size_t size) const;

    /// Reads `rows` pieces of `rowBytes` that lie one behind another in the file to places `stride` bytes apart.
    void readRowsAt(std::uint64_t offset, std::byte* to, std::size_t rowBytes, std::int64_t stride,
                    std::int64_t rows) const;

private:
    PooledFile& file_;
    int handle_;
    ReadCounts& counts_;
};

/// A path whose handle is opened when it is needed and closed when others need the room. Thread-safe.
class PooledFile {
public:
    explicit PooledFile(std::string path) : path_(std::move(path)) {}
    PooledFile(const PooledFile&) = delete;
    PooledFile& operator=(const PooledFile&) = delete;
    ~PooledFile();

    const std::string& path() const { return path_; }
    /// Size and time as they were when the file was opened first.
    const FileFacts& facts() const { return facts_; }

    /// Opens the file or takes the handle that is open. Throws Failure: Missing, Unreadable (also a folder), Corrupt
    /// where the file is not the one that was opened first.
    OpenFile acquire(ReadCounts& counts);

private:
    friend class HandlePool;
    friend class OpenFile;

    std::string path_;
    FileFacts facts_;
    bool known_ = false; ///< facts_ is set
    int handle_ = -1;
    int users_ = 0;
    bool opening_ = false;                   ///< a thread is in open(2)
    std::list<PooledFile*>::iterator place_; ///< in HandlePool::open_, while handle_ is open
};

/// Bounds how many files are open: the least recently used idle handle gives way, and a thread waits where none is
/// idle.
class HandlePool {
public:
    static HandlePool& shared();

    explicit HandlePool(std::size_t limit) : limit_(limit) {}

    int acquire(PooledFile& file, ReadCounts& counts);
    void release(PooledFile& file);
    void forget(PooledFile& file);

private:
    bool closeOneIdle();
    void closeHandle(PooledFile& file);
    bool stillThere(PooledFile& file);
    int openNow(PooledFile& file, std::unique_lock<std::mutex>& lock);

    const std::size_t limit_;
    std::size_t used_ = 0;        ///< handles that are open or being opened
    std::list<PooledFile*> open_; ///< most recently used first
    std::mutex mutex_;
    std::condition_variable changed_;
};

} // namespace lazulite::io
