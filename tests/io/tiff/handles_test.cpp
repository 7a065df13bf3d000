#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <thread>

#include "fixtures.h"

namespace lazulite::test {
namespace {

std::size_t openHandles(const std::string& under) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        const std::string target = std::filesystem::read_symlink(entry.path(), ignored).string();
        if (target.starts_with(under)) ++count;
    }
    return count;
}

const Region kPage = Region::whole({29, 37, 1});

class TiffHandles : public testing::Test {
protected:
    std::string copyOf(const std::string& fixture, const std::string& name) const {
        const std::string path = folder_.path(name);
        std::filesystem::copy_file(fixturePath(fixture), path, std::filesystem::copy_options::overwrite_existing);
        return path;
    }

    /// Sets the modification time apart, as a later write would.
    static void touch(const std::string& path) {
        std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(5));
    }

    const TemporaryFolder folder_;
};

TEST_F(TiffHandles, FiveHundredFilesNeedFewHandles) {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit low = before;
    low.rlim_cur = 96; // more than the pool's 64, which was sized when the program began, and far less than 500
    setrlimit(RLIMIT_NOFILE, &low);
    std::vector<std::shared_ptr<io::TiffFile>> files;
    for (int i = 0; i < 500; ++i) files.push_back(openTiff(copyOf("none_u2_le.tif", std::to_string(i) + ".tif")));
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::size_t i = 0; i < files.size(); ++i) {
                const auto& file = files[(i * 7 + static_cast<std::size_t>(thread) * 125) % files.size()];
                if (readPage(*file, 1).valueAt({0, 0, 0}) == 131 * 257) ++good;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(good, 2000);
    EXPECT_LE(openHandles(folder_.path("")), 64U);
    files.clear();
    EXPECT_EQ(openHandles(folder_.path("")), 0U);
    setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(TiffHandles, WhereTheSystemRefusesMoreHandlesIdleOnesAreClosed) {
    std::vector<std::shared_ptr<io::TiffFile>> files;
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    rlimit low = before;
    low.rlim_cur = 24;
    setrlimit(RLIMIT_NOFILE, &low);
    for (int i = 0; i < 40; ++i) {
        low.rlim_cur = before.rlim_cur;
        setrlimit(RLIMIT_NOFILE, &low);
        const std::string path = copyOf("none_u2_le.tif", std::to_string(i) + ".tif");
        low.rlim_cur = 24;
        setrlimit(RLIMIT_NOFILE, &low);
        ReadCounts counts;
        auto file = io::TiffFile::open(path, counts);
        EXPECT_TRUE(file.ok()) << i;
        if (file) files.push_back(*file);
    }
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(files.size(), 40U);
}

TEST_F(TiffHandles, AFileThatIsOpenedAgainIsCounted) {
    const auto file = openTiff(copyOf("none_u2_le.tif", "first.tif"));
    std::vector<std::shared_ptr<io::TiffFile>> others;
    for (int i = 0; i < 70; ++i) others.push_back(openTiff(copyOf("none_u2_le.tif", std::to_string(i) + ".tif")));
    const Buffer buffer(DType::UInt16, kPage);
    ReadCounts counts;
    file->read(0, buffer.destination, {}, counts).orThrow();
    EXPECT_EQ(counts.filesOpened, 1);
    ReadCounts again;
    file->read(0, buffer.destination, {}, again).orThrow();
    EXPECT_EQ(again.filesOpened, 0);
}

TEST_F(TiffHandles, AFileThatVanishesIsMissing) {
    const std::string path = copyOf("none_u2_le.tif", "a.tif");
    const auto file = openTiff(path);
    std::filesystem::remove(path);
    const Buffer buffer(DType::UInt16, kPage);
    ReadCounts counts;
    const auto outcome = file->read(0, buffer.destination, {}, counts);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().kind, Error::Kind::Missing);
    EXPECT_EQ(io::fileStamp(path), 0U);
}

TEST_F(TiffHandles, AFileThatIsReplacedIsAnErrorUntilItIsOpenedAgain) {
    const std::string path = copyOf("none_u2_le.tif", "a.tif");
    const auto file = openTiff(path);
    EXPECT_EQ(file->stamp(), io::fileStamp(path));
    copyOf("none_u2_le.tif", "b.tif");
    touch(folder_.path("b.tif"));
    std::filesystem::rename(folder_.path("b.tif"), path);
    EXPECT_NE(file->stamp(), io::fileStamp(path));
    const Buffer buffer(DType::UInt16, kPage);
    ReadCounts counts;
    const auto outcome = file->read(0, buffer.destination, {}, counts);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().kind, Error::Kind::Corrupt);
    EXPECT_NE(outcome.error().message.find("changed on disk"), std::string::npos);
    EXPECT_EQ(readPage(*openTiff(path), 1).valueAt({0, 0, 0}), 131 * 257);
}

TEST_F(TiffHandles, AFileThatIsCutShortWhileOpenIsCorrupt) {
    const std::string path = copyOf("none_u2_le.tif", "a.tif");
    const auto file = openTiff(path);
    std::filesystem::resize_file(path, 700);
    const Buffer buffer(DType::UInt16, kPage);
    ReadCounts counts;
    EXPECT_EQ(file->read(1, buffer.destination, {}, counts).error().kind, Error::Kind::Corrupt);
}

TEST_F(TiffHandles, FourThreadsReadOneFileAtOnce) {
    for (const char* name : {"none_u2_be.tif", "zlib_p2_u2_le.tif", "zstd_u2_tiles_le.tif", "lzw_u2_strips_be.tif",
                             "jpeg_ycbcr_420.tif"}) {
        const auto file = openTiff(fixturePath(name));
        const Block first = readPage(*file, 0);
        std::atomic<int> equal = 0;
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&] {
                for (int round = 0; round < 25; ++round) {
                    const Block block = readPage(*file, 0);
                    if (std::memcmp(block.data(), first.data(), first.bytes()) == 0) ++equal;
                }
            });
        }
        threads.clear();
        EXPECT_EQ(equal, 100) << name;
    }
}

TEST_F(TiffHandles, ReadsBesideAWriterEndInValuesOrErrors) {
    const std::string path = copyOf("zlib_u2_strips_le.tif", "a.tif");
    const auto file = openTiff(path);
    const std::string bytes = bytesOfFile(path);
    std::jthread writer([&](std::stop_token stop) {
        while (!stop.stop_requested()) {
            std::filesystem::resize_file(path, bytes.size() / 2);
            writeFile(path, bytes);
        }
    });
    const Buffer buffer(DType::UInt16, kPage);
    for (int round = 0; round < 200; ++round) {
        ReadCounts counts;
        const auto outcome = file->read(round % 2, buffer.destination, {}, counts);
        if (outcome) continue;
        EXPECT_EQ(outcome.error().kind, Error::Kind::Corrupt) << outcome.error().text();
    }
}

} // namespace
} // namespace lazulite::test
