#include "richardson_lucy.h"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>

#include "back_projector.h"
#include "filter.h"
#include "thread_buffer.h"
#include "widest.h"

namespace lazulite::compute::cpu {

CpuDeconvolver::CpuDeconvolver(Blur blur, const RichardsonLucy& options, const Size3& image, const Size3& grid,
                               Context context)
    : blur_(std::move(blur)),
      options_(options),
      imageSize_(image),
      context_(std::move(context)),
      fft_(grid),
      changes_(static_cast<std::size_t>(fft_.layout().pairs)) {}

std::vector<std::uint64_t> CpuDeconvolver::buffers(const RichardsonLucy& options, const Size3& grid) {
    const PairedLayout layout(grid);
    std::vector<std::uint64_t> sizes(2, layout.bytes()); // spectrum, estimate
    if (options.accelerated) sizes.insert(sizes.end(), 2, layout.bytes());
    if (options.weighted() || options.apodizes()) sizes.push_back(layout.bytes());
    if (options.totalVariation > 0) sizes.push_back(layout.bytes());
    sizes.insert(sizes.end(), options.wienerButterworth ? 2 : 1, layout.filterBytes());
    return sizes;
}

std::string CpuDeconvolver::name(const std::string& what) const {
    const Size3& size = fft_.layout().size;
    return fmt::format("cpu {} {} {}x{}x{}", what, blur_.identity, size[0], size[1], size[2]);
}

Result<void> CpuDeconvolver::allocate(Memory& memory) {
    auto made = scratchOf(context_, fft_.layout().bytes());
    if (!made) return made.error();
    memory = std::move(*made);
    auto* numbers = reinterpret_cast<float*>(memory.get()); // what lies between rows is transformed, but never used
    oneapi::tbb::parallel_for(Index{0}, fft_.layout().pairs, [&](Index j) {
        std::fill_n(numbers + 2 * j * fft_.layout().pairStride, 2 * fft_.layout().pairStride, 0.0F);
    });
    return {};
}

Result<void> CpuDeconvolver::prepare() {
    std::vector<Memory*> volumes{&spectrum_, &estimate_};
    if (options_.accelerated) volumes.insert(volumes.end(), {&before_, &change_});
    if (options_.apodizes()) volumes.push_back(&apodized_);
    if (options_.totalVariation > 0) volumes.push_back(&curvature_);
    for (Memory* volume : volumes) {
        if (auto made = allocate(*volume); !made) return made;
    }
    const std::uint64_t bytes = fft_.layout().filterBytes();
    auto filter = keptOf(context_, name("otf"), bytes, [&](std::byte* memory) -> Result<void> {
        if (makeFilter(blur_, fft_, complexes(spectrum_), reinterpret_cast<Complex*>(memory), context_.stop)) return {};
        return Error::cancelled();
    });
    if (!filter) return filter.error();
    filter_ = std::move(*filter);
    backFilter_ = filter_;
    if (options_.wienerButterworth) {
        auto back = keptOf(context_, name("wiener-butterworth"), bytes, [&](std::byte* memory) -> Result<void> {
            const auto* forward = reinterpret_cast<const Complex*>(filter_.get());
            if (makeWienerButterworth(fft_, forward, complexes(spectrum_), reinterpret_cast<Complex*>(memory),
                                      context_.stop)) {
                return {};
            }
            return Error::cancelled();
        });
        if (!back) return back.error();
        backFilter_ = std::move(*back);
    }
    if (!options_.weighted()) return {};
    const std::string what = fmt::format("weights of {}x{}x{}{}", imageSize_[0], imageSize_[1], imageSize_[2],
                                         options_.wienerButterworth ? " by wiener-butterworth" : "");
    auto weights =
        keptOf(context_, name(what), fft_.layout().bytes(), [&](std::byte* memory) { return makeWeights(memory); });
    if (!weights) return weights.error();
    weights_ = std::move(*weights);
    return {};
}

/// Calls work(j, pair of the spectrum, buffer for rows) for all pairs of planes; false where it was stopped meanwhile.
template <typename Work>
bool CpuDeconvolver::overPairs(const Work& work) const {
    oneapi::tbb::parallel_for(Index{0}, fft_.layout().pairs, [&](Index j) {
        if (context_.stop.stop_requested()) return;
        work(j, complexes(spectrum_) + j * fft_.layout().pairStride, threadBuffer<Complex>(fft_.rowBufferElements()));
    });
    return !context_.stop.stop_requested();
}

bool CpuDeconvolver::overColumns(const Complex* filter, bool conjugate) {
    Complex* volume = complexes(spectrum_);
    oneapi::tbb::parallel_for(std::size_t{0}, fft_.blocks().size(), [&](std::size_t b) {
        if (context_.stop.stop_requested()) return;
        const ColumnBlock& block = fft_.blocks()[b];
        auto* buffer = threadBuffer<Complex>(static_cast<std::size_t>(fft_.layout().bufferElements()));
        fft_.load(block, volume, buffer);
        fft_.multiply(block, filter, conjugate, buffer);
        fft_.store(block, buffer, volume);
    });
    return !context_.stop.stop_requested();
}

/// How much of every voxel's light the image holds, H^T 1, as what corrections are multiplied by.
Result<void> CpuDeconvolver::makeWeights(std::byte* memory) {
    const PairedLayout& layout = fft_.layout();
    bool going = overPairs([&](Index j, Complex* pair, Complex* buffer) {
        for (Index y = 0; y < layout.size[1]; ++y) {
            float* row = rowOf(spectrum_, j, y);
            for (Index x = 0; x < layout.size[2]; ++x) {
                const bool inside = y < imageSize_[1] && x < imageSize_[2];
                row[2 * x] = inside && 2 * j < imageSize_[0] ? 1.0F : 0.0F;
                row[2 * x + 1] = inside && 2 * j + 1 < imageSize_[0] ? 1.0F : 0.0F;
            }
        }
        fft_.forward(pair, buffer, context_.stop);
    });
    going = going && overColumns(reinterpret_cast<const Complex*>(backFilter_.get()), true);
    going = going && overPairs([&](Index j, Complex* pair, Complex* buffer) {
                fft_.inverse(pair, buffer, context_.stop);
                const auto* seen = reinterpret_cast<const float*>(pair);
                auto* weights = reinterpret_cast<float*>(memory) + 2 * j * layout.pairStride;
                for (Index i = 0; i < 2 * layout.pairStride; ++i) weights[i] = rl::weightFor(seen[i]);
            });
    if (!going) return Error::cancelled();
    return {};
}

/// A row of the image above its background.
inline void CpuDeconvolver::imageRow(Index z, Index y, float* row) const {
    const Strides& strides = image_.strides();
    const std::byte* from = image_.data() + z * strides[0] + y * strides[1];
    const auto load = [&](auto t, auto step) {
        using T = typename decltype(t)::type;
        const auto* elements = reinterpret_cast<const T*>(from);
        const float background = background_;
        for (Index x = 0; x < imageSize_[2]; ++x) {
            row[x] = rl::aboveBackground(static_cast<float>(elements[x * step]), background);
        }
    };
    visitType(image_.dtype(), [&](auto t) {
        const Index step = strides[2] / static_cast<Index>(sizeof(typename decltype(t)::type));
        if (step == 1) {
            load(t, std::integral_constant<Index, 1>{});
        } else {
            load(t, step);
        }
    });
}

/// Fills apodized_: the image whose opposite edges meet.
bool CpuDeconvolver::apodizedImage() {
    const Index rows = imageSize_[1];
    const Index columns = imageSize_[2];
    const Index width[2] = {std::min(options_.apodize, rows / 2), std::min(options_.apodize, columns / 2)};
    return overPairs([&](Index j, Complex*, Complex*) {
        auto* line = threadBuffer<float>(static_cast<std::size_t>(columns));
        for (Index plane = 0; plane < 2; ++plane) {
            if (2 * j + plane >= imageSize_[0]) continue;
            const auto at = [&](Index y, Index x) -> float& { return rowOf(apodized_, j, y)[2 * x + plane]; };
            for (Index y = 0; y < rows; ++y) {
                imageRow(2 * j + plane, y, line);
                for (Index x = 0; x < columns; ++x) at(y, x) = line[x];
            }
            for (Index x = 0; x < columns; ++x) {
                const float half = 0.5F * (at(rows - 1, x) - at(0, x));
                for (Index l = 0; l < width[0]; ++l) {
                    const float taken = rl::apodization(half, l, width[0]);
                    at(l, x) += taken;
                    at(rows - 1 - l, x) -= taken;
                }
            }
            for (Index y = 0; y < rows; ++y) {
                const float half = 0.5F * (at(y, columns - 1) - at(y, 0));
                for (Index l = 0; l < width[1]; ++l) {
                    const float taken = rl::apodization(half, l, width[1]);
                    at(y, l) += taken;
                    at(y, columns - 1 - l) -= taken;
                }
            }
        }
    });
}

Result<void> CpuDeconvolver::begin(const Block& image, const Exposure& exposure) {
    image_ = image;
    background_ = static_cast<float>(exposure.background);
    quiet_ = static_cast<float>(rl::kQuiet * exposure.light);
    const PairedLayout& layout = fft_.layout();
    if (options_.apodizes() && !apodizedImage()) return Error::cancelled();
    const bool going = overPairs([&](Index j, Complex*, Complex*) {
        auto* line = threadBuffer<float>(static_cast<std::size_t>(imageSize_[2]));
        for (Index plane = 0; plane < 2; ++plane) {
            if (2 * j + plane >= layout.size[0]) continue;
            const Index z = rl::reflectedOnGrid(2 * j + plane, imageSize_[0], layout.size[0]);
            for (Index y = 0; y < layout.size[1]; ++y) {
                float* estimate = rowOf(estimate_, j, y) + plane;
                if (apodized_) {
                    const float* row = rowOf(apodized_, j, y) + plane;
                    for (Index x = 0; x < layout.size[2]; ++x) estimate[2 * x] = row[2 * x];
                    continue;
                }
                imageRow(z, rl::reflectedOnGrid(y, imageSize_[1], layout.size[1]), line);
                for (Index x = 0; x < imageSize_[2]; ++x) estimate[2 * x] = line[x];
                for (Index x = imageSize_[2]; x < layout.size[2]; ++x) {
                    estimate[2 * x] = line[rl::reflectedOnGrid(x, imageSize_[2], layout.size[2])];
                }
            }
        }
    });
    if (!going) return Error::cancelled();
    return {};
}

/// With total variation, before the passes: how the estimate that the iteration starts from is curved.
bool CpuDeconvolver::findCurvature(double lambda) {
    const auto [nz, ny, nx] = fft_.layout().size;
    const auto factor = static_cast<float>(lambda);
    const Sampling& sampling = blur_.sampling;
    const float steps[3] = {static_cast<float>(sampling.voxel[0] / sampling.voxel[2]),
                            static_cast<float>(sampling.voxel[1] / sampling.voxel[2]), 1.0F};
    return overPairs([&, nz = nz, ny = ny, nx = nx](Index j, Complex*, Complex*) {
        // The rows around one: z - 1, z, z + 1 times y - 1, y, y + 1, each with its ends repeated.
        constexpr Index kAround = 3;
        const Index length = nx + 2;
        auto* rows = threadBuffer<float>(static_cast<std::size_t>(kAround * kAround * length));
        for (Index z = 2 * j; z < std::min(2 * j + 2, nz); ++z) {
            const auto loadRows = [&](Index y) { // of all three planes, to their place in the ring of rows
                for (Index dz = -1; dz <= 1; ++dz) {
                    const Index plane = std::clamp<Index>(z + dz, 0, nz - 1);
                    const Index row = std::clamp<Index>(y, 0, ny - 1);
                    const float* estimate = rowOf(estimate_, plane / 2, row) + plane % 2;
                    const float* before = lambda == 0 ? estimate : rowOf(before_, plane / 2, row) + plane % 2;
                    float* to = rows + ((dz + 1) * kAround + (y + kAround) % kAround) * length;
                    for (Index x = 0; x < nx; ++x) to[x + 1] = rl::momentum(estimate[2 * x], before[2 * x], factor);
                    to[0] = to[1];
                    to[nx + 1] = to[nx];
                }
            };
            loadRows(-1);
            loadRows(0);
            for (Index y = 0; y < ny; ++y) {
                loadRows(y + 1);
                const float* around[kAround][kAround];
                for (Index dz = 0; dz < kAround; ++dz) {
                    for (Index dy = 0; dy < kAround; ++dy) {
                        around[dz][dy] = rows + (dz * kAround + (y + dy - 1 + kAround) % kAround) * length + 1;
                    }
                }
                float* out = rowOf(curvature_, j, y) + z % 2;
                for (Index x = 0; x < nx; ++x) {
                    const auto at = [&](int dz, int dy, int dx) { return around[dz + 1][dy + 1][x + dx]; };
                    out[2 * x] = rl::curvature(at, steps, quiet_);
                }
            }
        }
    });
}

/// Pass 1: Y, transformed along x and y.
bool CpuDeconvolver::start(double lambda) {
    const PairedLayout& layout = fft_.layout();
    return overPairs([&](Index j, Complex* pair, Complex* buffer) {
        const bool done = PairedFft::overRows(layout.size[1], context_.stop, [&](Index first, Index count) {
            onWidest([&] { startRows(j, first, count, static_cast<float>(lambda), rowsIn(buffer)); });
            fft_.forwardRows(buffer, count, pair + first * layout.rowStride);
        });
        if (done) fft_.forwardColumns(pair, context_.stop);
    });
}

inline void CpuDeconvolver::startRows(Index j, Index first, Index count, float lambda, float* out) const {
    const Index numbers = 2 * fft_.layout().size[2];
    for (Index y = first; y < first + count; ++y, out += 2 * fft_.layout().rowStride) {
        if (lambda == 0) {
            std::copy_n(rowOf(estimate_, j, y), numbers, out);
        } else {
            momentumRow(rowOf(estimate_, j, y), rowOf(before_, j, y), lambda, numbers, out);
        }
    }
}

/// Pass 3: the image over the blurred estimate, where there is an image; zeros elsewhere.
bool CpuDeconvolver::compare() {
    const PairedLayout& layout = fft_.layout();
    return overPairs([&](Index j, Complex* pair, Complex* buffer) {
        Complex* beyond = pair;
        if (2 * j < imageSize_[0]) {
            if (!fft_.inverseColumns(pair, context_.stop)) return;
            const bool done = PairedFft::overRows(imageSize_[1], context_.stop, [&](Index first, Index count) {
                Complex* rows = pair + first * layout.rowStride;
                fft_.inverseRows(rows, count, buffer);
                onWidest([&] { compareRows(j, first, count, rowsIn(buffer)); });
                fft_.forwardRows(buffer, count, rows);
            });
            if (!done) return;
            beyond = pair + imageSize_[1] * layout.rowStride;
        }
        std::fill(beyond, pair + layout.pairStride, Complex(0));
        if (beyond != pair) fft_.forwardColumns(pair, context_.stop);
    });
}

inline void CpuDeconvolver::compareRows(Index j, Index first, Index count, float* blurred) const {
    const Index columns = imageSize_[2];
    const Index planes = std::min<Index>(imageSize_[0] - 2 * j, 2);
    auto* lines = threadBuffer<float>(static_cast<std::size_t>(4 * columns)); // of both planes, and both in turn
    std::fill_n(lines + columns, columns, 0.0F);
    for (Index y = first; y < first + count; ++y, blurred += 2 * fft_.layout().rowStride) {
        const float* image = lines + 2 * columns;
        if (apodized_) {
            image = rowOf(apodized_, j, y);
        } else {
            for (Index plane = 0; plane < planes; ++plane) imageRow(2 * j + plane, y, lines + plane * columns);
            interleave(lines, lines + columns, columns, lines + 2 * columns);
        }
        ratioRow(image, 2 * columns, blurred);
        if (planes == 1) {
            for (Index x = 0; x < columns; ++x) blurred[2 * x + 1] = 0;
        }
        std::fill(blurred + 2 * columns, blurred + 2 * fft_.layout().size[2], 0.0F);
    }
}

/// Pass 5: the next estimate, over the one before.
std::optional<Deconvolver::Change> CpuDeconvolver::correct(double lambda) {
    const PairedLayout& layout = fft_.layout();
    const bool done = overPairs([&](Index j, Complex* pair, Complex* buffer) {
        if (!fft_.inverseColumns(pair, context_.stop)) return;
        ProductSum squares;
        ProductSum products;
        PairedFft::overRows(layout.size[1], context_.stop, [&](Index first, Index count) {
            fft_.inverseRows(pair + first * layout.rowStride, count, buffer);
            onWidest(
                [&] { correctRows(j, first, count, static_cast<float>(lambda), rowsIn(buffer), squares, products); });
        });
        changes_[static_cast<std::size_t>(j)] = {squares.total(), products.total()};
    });
    if (!done) return std::nullopt;
    Change sum;
    for (const Change& change : changes_) {
        sum.square += change.square;
        sum.withBefore += change.withBefore;
    }
    if (options_.accelerated) std::swap(estimate_, before_);
    return sum;
}

inline void CpuDeconvolver::correctRows(Index j, Index first, Index count, float lambda, const float* correction,
                                        ProductSum& squares, ProductSum& products) {
    const Index numbers = 2 * fft_.layout().size[2];
    for (Index y = first; y < first + count; ++y, correction += 2 * fft_.layout().rowStride) {
        const CorrectionRow row{correction,
                                rowOf(estimate_, j, y),
                                weights_ ? rowOf(weights_, j, y) : nullptr,
                                curvature_ ? rowOf(curvature_, j, y) : nullptr,
                                lambda,
                                static_cast<float>(options_.totalVariation)};
        withKind(row, [&](auto weighted, auto curved) {
            if (options_.accelerated) {
                correctAcceleratedRow<weighted(), curved()>(row, numbers, rowOf(before_, j, y), rowOf(change_, j, y),
                                                            squares, products);
            } else {
                correctRow<weighted(), curved()>(row, numbers, rowOf(estimate_, j, y));
            }
        });
    }
}

Result<Deconvolver::Change> CpuDeconvolver::iterate(double lambda, const std::function<void(double)>& progress) {
    constexpr double kPasses = 5;
    const auto done = [&](int passes) {
        if (progress) progress(passes / kPasses);
    };
    if (curvature_ && !findCurvature(lambda)) return Error::cancelled();
    if (!start(lambda)) return Error::cancelled();
    done(1);
    if (!overColumns(reinterpret_cast<const Complex*>(filter_.get()), false)) return Error::cancelled();
    done(2);
    if (!compare()) return Error::cancelled();
    done(3);
    if (!overColumns(reinterpret_cast<const Complex*>(backFilter_.get()), true)) return Error::cancelled();
    done(4);
    const auto change = correct(lambda);
    if (!change) return Error::cancelled();
    done(5);
    return *change;
}

Result<void> CpuDeconvolver::store(const Destination& out) {
    const Region& region = out.region;
    oneapi::tbb::parallel_for(region[0].begin, region[0].end, [&](Index z) {
        for (Index y = region[1].begin; y < region[1].end; ++y) {
            const float* row = rowOf(estimate_, z / 2, y) + z % 2;
            std::byte* to = out.data + (z - region[0].begin) * out.strides[0] + (y - region[1].begin) * out.strides[1];
            for (Index x = region[2].begin; x < region[2].end; ++x, to += out.strides[2]) {
                *reinterpret_cast<float*>(to) = row[2 * x];
            }
        }
    });
    return {};
}

} // namespace lazulite::compute::cpu
