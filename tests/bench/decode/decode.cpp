// How fast whole stacks are decoded by two workers, beside a plain single-core libtiff loop and beside a copy out of
// the page cache in the same run; with --peer PYTHON also beside tifffile and imagecodecs, which that Python has.
// Prints one JSON line a figure.
#include <fcntl.h>
#include <fmt/format.h>
#include <tiffio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lazulite/io/tiff_file.h"
#include "lazulite/io/tiff_writer.h"

namespace {

using namespace lazulite;
using Compression = io::TiffWriteOptions::Compression;

constexpr std::int64_t kPages = 64;
constexpr std::int64_t kSide = 1024;
constexpr std::size_t kPageBytes = kSide * kSide * 2;
constexpr std::size_t kStackBytes = kPages * kPageBytes;
constexpr int kRounds = 5;
constexpr int kWorkers = 2;

void print(const std::string& name, double value, const char* unit) {
    fmt::print("{{\"bench\":\"decode\",\"name\":\"{}\",\"value\":{:.4g},\"unit\":\"{}\"}}\n", name, value, unit);
    std::fflush(stdout);
}

/// Dim cells on a camera offset of 100 with shot noise: what a light-sheet camera gives.
Block microscopyLikeStack() {
    const auto array = std::make_shared<std::byte[]>(kStackBytes);
    const std::shared_ptr<std::byte> memory(array, array.get());
    auto* pixels = reinterpret_cast<std::uint16_t*>(memory.get());
    std::mt19937 random(1);
    constexpr std::size_t kNoise = 1 << 16;
    std::vector<float> noise(kNoise);
    std::normal_distribution<float> normal;
    std::generate(noise.begin(), noise.end(), [&] { return normal(random); });
    for (std::int64_t z = 0; z < kPages; ++z) {
        for (std::int64_t y = 0; y < kSide; ++y) {
            const auto start = random();
            for (std::int64_t x = 0; x < kSide; ++x) {
                const float wave =
                    std::sin(static_cast<float>(x) * 0.021F) * std::sin(static_cast<float>(y + 3 * z) * 0.017F);
                const float signal = wave > 0.55F ? 900 * (wave - 0.55F) : 0;
                const float value =
                    100 + signal + noise[(start + static_cast<std::size_t>(x)) % kNoise] * std::sqrt(4 + signal);
                *pixels++ = static_cast<std::uint16_t>(std::lround(std::max(0.0F, value)));
            }
        }
    }
    return {memory, DType::UInt16, Region::whole({kPages, kSide, kSide, 1})};
}

double cpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The best of some rounds, in GB of decoded data a second.
struct Speed {
    double wall = 0;
    double cpu = 0; ///< a second of one core's time: hardly changed by what else the machine does
};

Speed fastest(const std::function<void()>& round) {
    Speed best;
    for (int i = 0; i < kRounds; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const double cpuBegin = cpuSeconds();
        round();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        constexpr double kGigabytes = static_cast<double>(kStackBytes) / 1e9;
        best.wall = std::max(best.wall, kGigabytes / took.count());
        best.cpu = std::max(best.cpu, kGigabytes / (cpuSeconds() - cpuBegin));
    }
    return best;
}

void onWorkers(int workers, const std::function<void(std::int64_t)>& readPage) {
    std::atomic<std::int64_t> next = 0;
    std::vector<std::jthread> threads;
    for (int worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&] {
            for (std::int64_t page = next++; page < kPages; page = next++) readPage(page);
        });
    }
}

Speed readByUs(const std::string& path, std::byte* to, int workers) {
    ReadCounts opening;
    const auto file = io::TiffFile::open(path, opening).valueOrThrow();
    const Region region = Region::whole({kSide, kSide, 1});
    const Strides strides = rowMajorStrides(region.shape(), 2);
    return fastest([&] {
        onWorkers(workers, [&](std::int64_t page) {
            ReadCounts counts;
            const Destination destination{to + static_cast<std::size_t>(page) * kPageBytes, DType::UInt16, region,
                                          strides};
            file->read(page, destination, {}, counts).orThrow();
        });
    });
}

Speed readByLibtiff(const std::string& path, std::byte* to) {
    return fastest([&] {
        const std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff(TIFFOpen(path.c_str(), "r"), &TIFFClose);
        if (tiff == nullptr) std::exit(1);
        std::byte* place = to;
        do {
            const std::uint32_t strips = TIFFNumberOfStrips(tiff.get());
            for (std::uint32_t strip = 0; strip < strips; ++strip) {
                const tmsize_t got = TIFFReadEncodedStrip(tiff.get(), strip, place, -1);
                if (got < 0) std::exit(1);
                place += got;
            }
        } while (TIFFReadDirectory(tiff.get()) != 0);
    });
}

Speed copyFromPageCache(const std::string& path, std::byte* to, int workers) {
    const int handle = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const Speed speed = fastest([&] {
        onWorkers(workers, [&](std::int64_t page) {
            const std::size_t offset = static_cast<std::size_t>(page) * kPageBytes;
            if (pread(handle, to + offset, kPageBytes, static_cast<off_t>(offset)) <= 0) std::exit(1);
        });
    });
    close(handle);
    return speed;
}

/// GB a second by two threads of tifffile.
double readByPeer(const std::string& python, const std::string& path) {
    const std::string command = fmt::format("'{}' '{}' '{}'", python, LAZULITE_PEER_SCRIPT, path);
    const std::unique_ptr<FILE, decltype(&pclose)> pipe(popen(command.c_str(), "r"), &pclose);
    double speed = 0;
    if (pipe == nullptr || std::fscanf(pipe.get(), "%lf", &speed) != 1) {
        fmt::print(stderr, "decode: {} has no tifffile and imagecodecs that read {}\n", python, path);
        std::exit(1);
    }
    return speed;
}

void measure(const std::string& name, const std::string& path, const Block& stack, std::byte* to,
             const std::string& peer) {
    const Speed libtiff = readByLibtiff(path, to);
    std::memset(to, 0, kStackBytes);
    const Speed two = readByUs(path, to, kWorkers);
    if (std::memcmp(to, stack.data(), kStackBytes) != 0) {
        fmt::print(stderr, "decode: {} was read wrong\n", name);
        std::exit(1);
    }
    const Speed one = readByUs(path, to, 1);
    print(name + "_two_workers", two.wall, "GB/s");
    print(name + "_one_worker", one.wall, "GB/s");
    print(name + "_libtiff_one_core", libtiff.wall, "GB/s");
    print(name + "_two_workers_by_libtiff", two.wall / libtiff.wall, "ratio");
    print(name + "_cpu", one.cpu, "GB per CPU second");
    print(name + "_cpu_by_libtiff", one.cpu / libtiff.cpu, "ratio");
    if (!peer.empty()) {
        const double speed = readByPeer(peer, path);
        print(name + "_tifffile_two_threads", speed, "GB/s");
        print(name + "_two_workers_by_tifffile", two.wall / speed, "ratio");
    }
    print(name + "_stored", static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(kStackBytes),
          "ratio");
}

} // namespace

int main(int argc, char** argv) {
    const std::string peer = argc == 3 && std::string_view(argv[1]) == "--peer" ? argv[2] : "";
    if (argc > 1 && peer.empty()) {
        fmt::print(stderr, "usage: bench_decode [--peer PYTHON]\n");
        return 2;
    }
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("lazulite-decode-{}", getpid());
    std::filesystem::create_directory(folder);
    const Block stack = microscopyLikeStack();
    const auto memory = std::make_unique<std::byte[]>(kStackBytes);
    std::memset(memory.get(), 0, kStackBytes);
    const auto write = [&](const std::string& name, Compression compression) {
        const std::string path = (folder / (name + ".tif")).string();
        io::TiffWriter writer(path,
                              {.height = kSide, .width = kSide, .dtype = DType::UInt16, .compression = compression});
        writer.append(stack);
        writer.finish();
        return path;
    };

    const std::string plain = write("none", Compression::None);
    for (const int workers : {kWorkers, 1}) {
        const char* label = workers == 1 ? "one_worker" : "two_workers";
        const Speed copy = copyFromPageCache(plain, memory.get(), workers);
        const Speed ours = readByUs(plain, memory.get(), workers);
        print(fmt::format("page_cache_copy_{}", label), copy.wall, "GB/s");
        print(fmt::format("none_{}_by_copy", label), ours.wall / copy.wall, "ratio");
        print(fmt::format("none_{}_cpu_by_copy", label), ours.cpu / copy.cpu, "ratio");
    }
    measure("none", plain, stack, memory.get(), peer);
    measure("lzw", write("lzw", Compression::Lzw), stack, memory.get(), peer);
    measure("deflate", write("deflate", Compression::Deflate), stack, memory.get(), peer);
    measure("zstd", write("zstd", Compression::Zstd), stack, memory.get(), peer);
    std::filesystem::remove_all(folder);
    return 0;
}
