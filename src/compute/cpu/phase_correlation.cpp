#include "lazulite/compute/phase_correlation.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fft/paired_fft.h"
#include "thread_buffer.h"

namespace lazulite::compute {

namespace {

using cpu::ColumnBlock;
using cpu::Complex;
using cpu::PairedFft;
using cpu::PairedLayout;
using cpu::threadBuffer;

/// Of a Gaussian that high frequencies, which are noise more than content, are damped by; in cycles a voxel.
constexpr double kSharpness = 0.15;

Size3 sizeOf(const Block& block) {
    const Shape shape = block.shape();
    return {shape[0], shape[1], shape[2]};
}

Size3 gridFor(const Size3& size) {
    return {fastSizeFrom(size[0]), fastSizeFrom(size[1]), fastSizeFrom(size[2])};
}

/// Fades a line of n voxels out towards its ends; does nothing to a single one.
std::vector<float> window(Index n) {
    std::vector<float> weights(static_cast<std::size_t>(n), 1.0F);
    for (Index i = 0; i < n && n > 1; ++i) {
        const double phase = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n);
        weights[static_cast<std::size_t>(i)] = static_cast<float>(0.5 - 0.5 * std::cos(phase));
    }
    return weights;
}

double meanOf(const Block& block) {
    const Region& region = block.region();
    std::vector<double> sums(static_cast<std::size_t>(region[0].size()));
    oneapi::tbb::parallel_for(std::size_t{0}, sums.size(), [&](std::size_t z) {
        visitType(block.dtype(), [&](auto t) {
            using T = typename decltype(t)::type;
            for (Index y = 0; y < region[1].size(); ++y) {
                const std::byte* voxel =
                    block.data() + static_cast<Index>(z) * block.strides()[0] + y * block.strides()[1];
                for (Index x = 0; x < region[2].size(); ++x, voxel += block.strides()[2]) {
                    const auto value = static_cast<double>(*reinterpret_cast<const T*>(voxel));
                    if (std::isfinite(value)) sums[z] += value;
                }
            }
        });
    });
    double sum = 0;
    for (const double part : sums) sum += part;
    return sum / static_cast<double>(region.elementCount());
}

class Correlation {
public:
    /// Of parts of this size, on a grid at least as large.
    Correlation(const Size3& size, const Size3& grid, std::stop_token stop)
        : size_(size),
          stop_(std::move(stop)),
          fft_(grid),
          windows_{window(size[0]), window(size[1]), window(size[2])} {}

    /// The spectrum of a part, its mean taken off and its edges faded out.
    void transform(const Block& block, Complex* volume) const {
        const PairedLayout& layout = fft_.layout();
        const auto mean = static_cast<float>(meanOf(block));
        oneapi::tbb::parallel_for(Index{0}, layout.pairs, [&](Index j) {
            if (stop_.stop_requested()) return;
            Complex* pair = volume + j * layout.pairStride;
            std::fill_n(pair, layout.pairStride, Complex(0));
            for (Index plane = 0; plane < 2 && 2 * j + plane < size_[0]; ++plane) {
                load(block, 2 * j + plane, mean, reinterpret_cast<float*>(pair) + plane);
            }
            fft_.forward(pair, threadBuffer<Complex>(fft_.rowBufferElements()), stop_);
        });
    }

    /// Puts the correlation of two spectra over the first.
    void correlate(Complex* still, const Complex* moved) const {
        const PairedLayout& layout = fft_.layout();
        oneapi::tbb::parallel_for(std::size_t{0}, fft_.blocks().size(), [&](std::size_t b) {
            if (stop_.stop_requested()) return;
            const ColumnBlock& block = fft_.blocks()[b];
            auto* buffers = threadBuffer<Complex>(static_cast<std::size_t>(2 * layout.bufferElements()));
            Complex* other = buffers + layout.bufferElements();
            fft_.load(block, still, buffers);
            fft_.load(block, moved, other);
            phases(block, buffers, other);
            fft_.store(block, buffers, still);
        });
        oneapi::tbb::parallel_for(Index{0}, layout.pairs, [&](Index j) {
            fft_.inverse(still + j * layout.pairStride, threadBuffer<Complex>(fft_.rowBufferElements()), stop_);
        });
    }

    /// The places of the highest local maxima, the highest first, around 0.
    std::vector<Size3> peaks(const Complex* correlation, std::size_t count) const {
        struct Peak {
            float value;
            Size3 place;
        };
        std::vector<Peak> best;
        const Size3& grid = fft_.layout().size;
        for (Index z = 0; z < grid[0]; ++z) {
            for (Index y = 0; y < grid[1]; ++y) {
                const auto* row = reinterpret_cast<const float*>(correlation + z / 2 * fft_.layout().pairStride +
                                                                 y * fft_.layout().rowStride) +
                                  z % 2;
                for (Index x = 0; x < grid[2]; ++x) {
                    const Size3 place{z, y, x};
                    const float value = row[2 * x];
                    if (value <= 0 || (best.size() == count && value <= best.back().value)) continue;
                    if (!isMaximum(correlation, place)) continue;
                    const auto behind =
                        std::find_if(best.begin(), best.end(), [&](const Peak& other) { return other.value < value; });
                    best.insert(behind, {value, place});
                    if (best.size() > count) best.pop_back();
                }
            }
        }
        std::vector<Size3> places;
        for (Peak& peak : best) {
            for (std::size_t axis = 0; axis < 3; ++axis) {
                if (2 * peak.place[axis] > grid[axis]) peak.place[axis] -= grid[axis];
            }
            places.push_back(peak.place);
        }
        return places;
    }

    /// Where the correlation is highest near 0, to a fraction of a voxel.
    std::array<double, 3> peakNearby(const Complex* correlation) const {
        constexpr Index kNear = 2;
        const Size3& grid = fft_.layout().size;
        Size3 best{};
        for (Index z = -kNear; z <= kNear; ++z) {
            for (Index y = -kNear; y <= kNear; ++y) {
                for (Index x = -kNear; x <= kNear; ++x) {
                    if (at(correlation, {z, y, x}) > at(correlation, best)) best = {z, y, x};
                }
            }
        }
        std::array<double, 3> place{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if (grid[axis] == 1) continue;
            const auto neighbour = [&](Index step) {
                Size3 beside = best;
                beside[axis] += step;
                return static_cast<double>(at(correlation, beside));
            };
            const double curve = neighbour(-1) + neighbour(1) - 2 * neighbour(0);
            const double vertex = curve < 0 ? 0.5 * (neighbour(-1) - neighbour(1)) / curve : 0;
            place[axis] = static_cast<double>(best[axis]) + std::clamp(vertex, -0.5, 0.5);
        }
        return place;
    }

private:
    void load(const Block& block, Index z, float mean, float* out) const {
        visitType(block.dtype(), [&](auto t) {
            using T = typename decltype(t)::type;
            for (Index y = 0; y < size_[1]; ++y) {
                const std::byte* voxel = block.data() + z * block.strides()[0] + y * block.strides()[1];
                const float weight =
                    windows_[0][static_cast<std::size_t>(z)] * windows_[1][static_cast<std::size_t>(y)];
                float* row = out + 2 * y * fft_.layout().rowStride;
                for (Index x = 0; x < size_[2]; ++x, voxel += block.strides()[2]) {
                    const float value = static_cast<float>(*reinterpret_cast<const T*>(voxel)) - mean;
                    row[2 * x] = std::isfinite(value) ? weight * windows_[2][static_cast<std::size_t>(x)] * value : 0;
                }
            }
        });
    }

    /// What damps a frequency along an axis.
    float damping(Index k, std::size_t axis) const {
        const Index n = fft_.layout().size[axis];
        const double frequency = static_cast<double>(2 * k > n ? k - n : k) / static_cast<double>(n);
        return static_cast<float>(std::exp(-0.5 * frequency * frequency / (kSharpness * kSharpness)));
    }

    /// conj(a) b / sqrt |a b|, damped, over a: half way between correlation and phases alone, so that frequencies which
    /// hold nothing but noise count less.
    void phases(const ColumnBlock& block, Complex* a, const Complex* b) const {
        const PairedLayout& layout = fft_.layout();
        for (Index kz = 0; kz < layout.size[0]; ++kz) {
            const float outer = damping(kz, 0) * damping(block.ky, 1);
            for (Index i = 0; i < block.count; ++i) {
                Complex& still = a[kz * layout.bufferStride + i];
                const Complex product = std::conj(still) * b[kz * layout.bufferStride + i];
                const float magnitude = std::sqrt(std::abs(product));
                still = magnitude > 0 ? product * (outer * damping(block.kx + i, 2) / magnitude) : Complex(0);
            }
        }
    }

    /// The correlation goes on at its opposite edge.
    float at(const Complex* volume, const Size3& place) const {
        const PairedLayout& layout = fft_.layout();
        Size3 wrapped{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const Index n = layout.size[axis];
            wrapped[axis] = (place[axis] % n + n) % n;
        }
        const Complex& pair = volume[wrapped[0] / 2 * layout.pairStride + wrapped[1] * layout.rowStride + wrapped[2]];
        return wrapped[0] % 2 == 0 ? pair.real() : pair.imag();
    }

    bool isMaximum(const Complex* volume, const Size3& place) const {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            for (const Index step : {-1, 1}) {
                Size3 beside = place;
                beside[axis] += step;
                if (at(volume, beside) > at(volume, place)) return false;
            }
        }
        return true;
    }

    Size3 size_;
    std::stop_token stop_;
    cpu::Transforming transforming_;
    PairedFft fft_;
    std::array<std::vector<float>, 3> windows_;
};

/// The parts of two volumes that show the same where one lies some voxels further.
struct Overlap {
    Overlap(const Size3& whole, const Size3& by) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            size[axis] = std::max<Index>(0, whole[axis] - std::abs(by[axis]));
            still[axis] = std::max<Index>(0, -by[axis]);
            moved[axis] = std::max<Index>(0, by[axis]);
            large_ = large_ && kLeastShare * size[axis] >= whole[axis];
        }
    }

    bool large() const { return large_; }
    Region in(const Block& block, const Size3& begin) const {
        Region region = block.region();
        for (std::size_t axis = 0; axis < 3; ++axis) {
            region[axis].begin += begin[axis];
            region[axis].end = region[axis].begin + size[axis];
        }
        return region;
    }

    Size3 size{};
    Size3 still{}; ///< where the part begins
    Size3 moved{};

private:
    static constexpr Index kLeastShare = 4; ///< a quarter along each axis: less tells little
    bool large_ = true;
};

/// The coefficient of correlation of what two volumes show in common; -1 where that is too little.
double likenessOf(const Block& still, const Block& moved, const Overlap& overlap) {
    if (!overlap.large()) return -1;
    const Block a = still.view(overlap.in(still, overlap.still));
    const Block b = moved.view(overlap.in(moved, overlap.moved));
    struct Sums {
        double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    };
    std::vector<Sums> planes(static_cast<std::size_t>(overlap.size[0]));
    oneapi::tbb::parallel_for(std::size_t{0}, planes.size(), [&](std::size_t plane) {
        visitType(a.dtype(), [&](auto t) {
            using T = typename decltype(t)::type;
            Sums& sums = planes[plane];
            const auto z = static_cast<Index>(plane);
            for (Index y = 0; y < overlap.size[1]; ++y) {
                const std::byte* first = a.data() + z * a.strides()[0] + y * a.strides()[1];
                const std::byte* second = b.data() + z * b.strides()[0] + y * b.strides()[1];
                for (Index x = 0; x < overlap.size[2]; ++x, first += a.strides()[2], second += b.strides()[2]) {
                    const auto u = static_cast<double>(*reinterpret_cast<const T*>(first));
                    const auto v = static_cast<double>(*reinterpret_cast<const T*>(second));
                    if (!std::isfinite(u) || !std::isfinite(v)) continue;
                    sums.a += u;
                    sums.b += v;
                    sums.aa += u * u;
                    sums.bb += v * v;
                    sums.ab += u * v;
                }
            }
        });
    });
    Sums all;
    for (const Sums& sums : planes) {
        all.a += sums.a;
        all.b += sums.b;
        all.aa += sums.aa;
        all.bb += sums.bb;
        all.ab += sums.ab;
    }
    const auto count = static_cast<double>(overlap.size[0] * overlap.size[1] * overlap.size[2]);
    const double spread = (all.aa - all.a * all.a / count) * (all.bb - all.b * all.b / count);
    return spread > 0 ? (all.ab - all.a * all.b / count) / std::sqrt(spread) : 0;
}

} // namespace

Result<std::array<double, 3>> displacementBetween(const Block& still, const Block& moved, const Context& context) {
    constexpr int kMostPasses = 3;
    constexpr std::size_t kCandidates = 6;
    const Size3 size = sizeOf(still);
    const Size3 grid = gridFor(size);
    const std::uint64_t bytes = displacementBuffers(size).front();
    auto first = scratchOf(context, bytes);
    if (!first) return first.error();
    auto second = scratchOf(context, bytes);
    if (!second) return second.error();
    auto* a = reinterpret_cast<Complex*>(first->get());
    auto* b = reinterpret_cast<Complex*>(second->get());
    Size3 found{};
    {
        const Correlation whole(size, grid, context.stop);
        whole.transform(still, a);
        whole.transform(moved, b);
        whole.correlate(a, b);
        if (context.stop.stop_requested()) return Error::cancelled();
        std::vector<Size3> candidates = whole.peaks(a, kCandidates);
        if (candidates.empty()) return std::array<double, 3>{};
        candidates.push_back({}); // it may not have moved at all
        double best = -2;
        for (const Size3& candidate : candidates) {
            const double likeness = likenessOf(still, moved, Overlap(size, candidate));
            if (likeness <= best) continue;
            best = likeness;
            found = candidate;
        }
    }
    // What fades out with the edges pulls a peak towards 0, so the parts that both volumes show are compared again.
    std::array<double, 3> place{};
    for (int pass = 0; pass < kMostPasses; ++pass) {
        const Overlap overlap(size, found);
        const Correlation correlation(overlap.size, grid, context.stop);
        correlation.transform(still.view(overlap.in(still, overlap.still)), a);
        correlation.transform(moved.view(overlap.in(moved, overlap.moved)), b);
        correlation.correlate(a, b);
        if (context.stop.stop_requested()) return Error::cancelled();
        const std::array<double, 3> rest = correlation.peakNearby(a);
        Size3 next{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            place[axis] = static_cast<double>(found[axis]) + rest[axis];
            next[axis] = std::lround(place[axis]);
        }
        if (next == found || !Overlap(size, next).large()) break;
        found = next;
    }
    return place;
}

std::vector<std::uint64_t> displacementBuffers(const Size3& size) {
    return std::vector<std::uint64_t>(2, PairedLayout(gridFor(size)).bytes());
}

} // namespace lazulite::compute
