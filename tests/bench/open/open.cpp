// How long a folder of 1,200, 100,000 and 1,000,000 names takes to open, and how many bytes a name costs, beside a
// plain walk over the same names. Prints one JSON line a figure. Arguments: --names N (one size only), --dir FOLDER.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lazulite/io/file_series.h"
#include "lazulite/io/tiff_writer.h"

namespace {

using namespace lazulite;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 3;

void print(std::size_t names, const char* figure, double value, const char* unit) {
    fmt::print("{{\"bench\":\"open\",\"name\":\"{} of {} names\",\"value\":{:.4g},\"unit\":\"{}\"}}\n", figure, names,
               value, unit);
    std::fflush(stdout);
}

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Removes the folder at the end, whatever happens.
struct Folder {
    std::filesystem::path path;
    explicit Folder(const std::string& parent) {
        std::string name = parent + "/lazulite-open-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made in " + parent);
        path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

std::string latticeName(std::size_t i) {
    const std::size_t t = i / 2;
    const bool second = i % 2 == 1;
    return fmt::format("cell1_Cam{}_ch{}_stack{:04}_{}nm_{:07}msec_{:010}msecAbs.tif", second ? 'B' : 'A',
                       second ? 1 : 0, t, second ? 560 : 488, t * 2000, 16966725 + t * 2000);
}

/// One real stack; the other names are links to it, or empty files where the file system allows no more links.
void fill(const std::filesystem::path& folder, std::size_t names) {
    io::TiffWriteOptions options;
    options.height = 16;
    options.width = 16;
    const std::string first = folder / latticeName(0);
    io::TiffWriter writer(first, options);
    writer.append(Block(std::shared_ptr<const std::byte>(new std::byte[512]{}, std::default_delete<std::byte[]>()),
                        DType::UInt16, Region::whole({16, 16})));
    writer.finish();
    for (std::size_t i = 1; i < names; ++i) {
        const std::string path = folder / latticeName(i);
        if (::link(first.c_str(), path.c_str()) == 0) continue;
        const int file = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
        if (file < 0) throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(errno)));
        ::close(file);
    }
}

double secondsOfPlainWalk(const std::filesystem::path& folder) {
    const auto start = Clock::now();
    std::size_t bytes = 0;
    DIR* const dir = ::opendir(folder.c_str());
    while (const dirent* entry = ::readdir(dir)) bytes += std::strlen(entry->d_name);
    ::closedir(dir);
    return bytes > 0 ? since(start) : 0;
}

/// Kilobytes that /proc/self/status tells under `key`.
double statusKilobytes(const std::string& key) {
    std::ifstream in("/proc/self/status");
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(key, 0) == 0) return std::strtod(line.c_str() + key.size(), nullptr);
    }
    return 0;
}

double bytesHeld() {
    const auto info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

void measure(const std::filesystem::path& folder, std::size_t names) {
    double best = 1e9;
    const auto count = static_cast<double>(names);
    for (int round = 0; round < kRounds; ++round) {
        ReadCounts counts;
        const double heldBefore = bytesHeld();
        std::ofstream("/proc/self/clear_refs") << 5; // the peak counts from here
        const double residentBefore = statusKilobytes("VmRSS:");
        const auto start = Clock::now();
        const auto series = io::FileSeries::open({folder.string()}, {}, counts);
        best = std::min(best, since(start));
        if (series->fileCount() != names || counts.filesOpened != 1)
            throw std::runtime_error("the series is not what was written");
        if (round > 0) continue;
        constexpr double kKilobyte = 1024;
        print(names, "bytes a name held", (bytesHeld() - heldBefore) / count, "B");
        print(names, "bytes a name at the peak", (statusKilobytes("VmHWM:") - residentBefore) * kKilobyte / count, "B");
    }
    const double walk = secondsOfPlainWalk(folder);
    print(names, "open", best, "s");
    print(names, "open over a plain walk", best / walk, "x");
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::size_t> sizes = {1'200, 10'000, 100'000, 1'000'000};
    std::string parent = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path().string();
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--names") == 0) sizes = {std::strtoull(argv[i + 1], nullptr, 10)};
        if (std::strcmp(argv[i], "--dir") == 0) parent = argv[i + 1];
    }
    for (const std::size_t names : sizes) {
        // A process for each size: memory that one gave back is not there for the next.
        const pid_t child = ::fork();
        if (child == 0) {
            try {
                const Folder folder(parent);
                fill(folder.path, names);
                measure(folder.path, names);
            } catch (const std::exception& error) {
                fmt::print(stderr, "open: {}\n", error.what());
                return 1;
            }
            return 0;
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        if (status != 0) return 1;
    }
    return 0;
}
