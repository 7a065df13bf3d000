// What an iteration of deconvolution costs, beside the four Fourier transforms that it cannot do without: plain
// multi-threaded FFTW transforms of the whole volume (the fastest of its ways, measured plans) in the same run. Prints
// one JSON line a figure.
#include <fftw3.h>
#include <fmt/format.h>
#include <oneapi/tbb/info.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "cpu/fft/plan.h"
#include "lazulite/compute/backend.h"

namespace {

using namespace lazulite;
using compute::Index;
using compute::Size3;

constexpr int kRounds = 9;

void print(const std::string& name, double value, const char* unit) {
    fmt::print("{{\"bench\":\"deconvolve\",\"name\":\"{}\",\"value\":{:.4g},\"unit\":\"{}\"}}\n", name, value, unit);
    std::fflush(stdout);
}

/// Of wall time, and of processor time over all threads: the latter says the same on a machine that is busy otherwise.
struct Took {
    double wall = 1e9;
    double cpu = 1e9;

    void keepBest(const Took& other) {
        wall = std::min(wall, other.wall);
        cpu = std::min(cpu, other.cpu);
    }
};

double cpuMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

Took timed(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    const double cpuStart = cpuMilliseconds();
    work();
    const double cpu = cpuMilliseconds() - cpuStart;
    return {std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(), cpu};
}

/// A forward and a backward transform of a real volume by FFTW, on all cores.
class Peer {
public:
    Peer(const Size3& size, bool inPlace) {
        const auto [nz, ny, nx] = size;
        const Index row = inPlace ? 2 * (nx / 2 + 1) : nx;
        spectrum_ = fftwf_alloc_complex(static_cast<std::size_t>(nz * ny * (nx / 2 + 1)));
        real_ =
            inPlace ? reinterpret_cast<float*>(spectrum_) : fftwf_alloc_real(static_cast<std::size_t>(nz * ny * row));
        inPlace_ = inPlace;
        fftwf_plan_with_nthreads(oneapi::tbb::info::default_concurrency());
        const auto z = static_cast<int>(nz), y = static_cast<int>(ny), x = static_cast<int>(nx);
        forward_ = fftwf_plan_dft_r2c_3d(z, y, x, real_, spectrum_, FFTW_MEASURE);
        back_ = fftwf_plan_dft_c2r_3d(z, y, x, spectrum_, real_, FFTW_MEASURE);
        fftwf_plan_with_nthreads(1);
        std::fill_n(real_, nz * ny * row, 0.5F);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() {
        fftwf_destroy_plan(forward_);
        fftwf_destroy_plan(back_);
        if (!inPlace_) fftwf_free(real_);
        fftwf_free(spectrum_);
    }

    Took fourTransforms() const {
        return timed([&] {
            for (int i = 0; i < 2; ++i) {
                fftwf_execute(forward_);
                fftwf_execute(back_);
            }
        });
    }

private:
    bool inPlace_ = false;
    float* real_ = nullptr;
    fftwf_complex* spectrum_ = nullptr;
    fftwf_plan forward_ = nullptr;
    fftwf_plan back_ = nullptr;
};

Block filled(DType type, const Size3& size, const std::function<double(Index, Index, Index)>& value) {
    const auto count = static_cast<std::size_t>(size[0] * size[1] * size[2]);
    const auto array = std::make_shared<std::byte[]>(count * bytesPer(type));
    std::size_t i = 0;
    for (Index z = 0; z < size[0]; ++z) {
        for (Index y = 0; y < size[1]; ++y) {
            for (Index x = 0; x < size[2]; ++x, ++i) {
                if (type == DType::UInt16) {
                    reinterpret_cast<std::uint16_t*>(array.get())[i] = static_cast<std::uint16_t>(value(z, y, x));
                } else {
                    reinterpret_cast<float*>(array.get())[i] = static_cast<float>(value(z, y, x));
                }
            }
        }
    }
    return {std::shared_ptr<const std::byte>(array, array.get()), type, Region::whole({size[0], size[1], size[2]})};
}

compute::Blur gaussianBlur() {
    const Size3 size{25, 25, 25};
    const Block stack = filled(DType::Float32, size, [](Index z, Index y, Index x) {
        const auto square = [](Index i) { return static_cast<double>((i - 12) * (i - 12)); };
        return std::exp(-square(z) / 18 - square(y) / 5 - square(x) / 5);
    });
    auto psf =
        std::make_shared<compute::PointSpread>(compute::understoodPsf(stack, {0.1, 0.1, 0.1}, {.background = 0.0}));
    compute::Blur blur;
    blur.sampling = {{0.1, 0.1, 0.1}, 0};
    blur.reach = compute::reachOn(*psf, blur.sampling);
    blur.source = std::shared_ptr<const compute::PointSpread>(std::move(psf));
    blur.identity = "bench";
    return blur;
}

/// Rounds of ours and of the peers by turns; the best of each.
void compare(const std::string& name, const Size3& image, const compute::RichardsonLucy& options) {
    compute::Backend& backend = *compute::cpuBackend();
    const compute::Blur blur = gaussianBlur();
    const compute::Tiling tiling =
        compute::tilingFor(backend, blur, options, image, UINT64_MAX, [](const auto&) { return std::uint64_t{0}; });
    std::mt19937 random(1);
    const Block stack = filled(DType::UInt16, image, [&](Index, Index, Index) {
        return 100 + (random() % 64 == 0 ? random() % 2000 : random() % 40);
    });
    const Peer inPlace(tiling.grid, true);
    const Peer outOfPlace(tiling.grid, false);
    const auto run = [&](const std::string& plans) {
        auto deconvolver = backend.deconvolver(stack, blur, options, image, tiling.grid, {}).valueOrThrow();
        deconvolver->begin(stack, {100, 20}).orThrow();
        for (int i = 0; i < 2; ++i) std::move(deconvolver->iterate(0, {})).valueOrThrow();
        Took ours, theirs;
        for (int round = 0; round < kRounds; ++round) {
            theirs.keepBest(inPlace.fourTransforms());
            theirs.keepBest(outOfPlace.fourTransforms());
            ours.keepBest(timed([&] { std::move(deconvolver->iterate(0.5, {})).valueOrThrow(); }));
        }
        const std::string grid =
            fmt::format("{}, {} x {} x {}, {}", name, tiling.grid[0], tiling.grid[1], tiling.grid[2], plans);
        print("iteration, " + grid, ours.wall, "ms");
        print("four FFTW transforms, " + grid, theirs.wall, "ms");
        print("iteration / four FFTW transforms, " + grid, ours.wall / theirs.wall, "ratio");
        print("iteration / four FFTW transforms, processor time, " + grid, ours.cpu / theirs.cpu, "ratio");
    };
    run("first plans");
    compute::cpu::awaitMeasuredPlans();
    run("measured plans");
}

} // namespace

int main(int argc, char** argv) {
    fftwf_init_threads();
    fftwf_make_planner_thread_safe();                                 // plans are measured in the background as well
    const bool small = argc > 1 && std::string(argv[1]) == "--small"; // leaves out the large volume
    for (const Size3& size : {Size3{64, 256, 280}, Size3{128, 512, 512}}) {
        if (small && size[0] > 64) continue;
        compare("periodic", size, {.edges = compute::Edges::Periodic});
        compare("open", size, {});
    }
    return 0;
}
