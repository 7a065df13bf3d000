#include "paired_fft.h"

#include <algorithm>

#include "../widest.h"

namespace lazulite::compute::cpu {

namespace {

constexpr Index kLine = 8;                ///< complex numbers of a cache line
constexpr Index kColumnsAtOnce = 32;      ///< columns of a pair that are transformed by one call
constexpr Index kBufferBytes = 128 << 10; ///< of a block of columns along z: well inside a core's second cache
constexpr Index kLeastWidth = 16;
constexpr Index kMostWidth = 256;

Index roundedUp(Index value, Index step) {
    return (value + step - 1) / step * step;
}

/// Columns a large power of two apart would all fall into the same few places of the cache.
Index strideFor(Index width) {
    constexpr Index kBad = 64;
    const Index stride = roundedUp(width, kLine);
    return stride % kBad == 0 ? stride + kLine : stride;
}

template <bool kConjugate>
void multiplyRow(const Complex* filter, Index count, Complex* row) {
    const auto* __restrict h = reinterpret_cast<const float*>(filter);
    auto* __restrict v = reinterpret_cast<float*>(row);
    for (Index i = 0; i < count; ++i) {
        const float hr = h[2 * i];
        const float hi = kConjugate ? -h[2 * i + 1] : h[2 * i + 1];
        const float vr = v[2 * i];
        const float vi = v[2 * i + 1];
        v[2 * i] = hr * vr - hi * vi;
        v[2 * i + 1] = hr * vi + hi * vr;
    }
}

LinesPlan lines(Index length, Index count, Index stride, Index distance, bool forward, bool inPlace = true) {
    return planFor({.length = static_cast<int>(length),
                    .count = static_cast<int>(count),
                    .stride = static_cast<int>(stride),
                    .distance = static_cast<int>(distance),
                    .forward = forward,
                    .inPlace = inPlace});
}

} // namespace

PairedLayout::PairedLayout(const Size3& gridSize)
    : size(gridSize), pairs((size[0] + 1) / 2), rowStride(strideFor(size[2])), pairStride(size[1] * rowStride) {
    const auto [nz, ny, nx] = size;
    const Index most = std::clamp(kBufferBytes / (nz * Index{sizeof(Complex)}), kLeastWidth, kMostWidth);
    const Index pieces = (nx + most - 1) / most;
    blockWidth = roundedUp((nx + pieces - 1) / pieces, kLine);
    bufferStride = strideFor(blockWidth);
    const Index ownOpposite = ny % 2 == 0 ? 2 : 1; // rows ky = 0 and ny / 2: half of them is enough
    const auto perRow = [&](Index columns) { return (columns + blockWidth - 1) / blockWidth; };
    blocks = ownOpposite * perRow(nx / 2 + 1) + (ny / 2 + 1 - ownOpposite) * perRow(nx);
}

PairedFft::PairedFft(const Size3& size) : layout_(size) {
    const auto [nz, ny, nx] = size;
    const auto rows = [&](bool forward) {
        return Portions{lines(nx, kRowsAtOnce, 1, layout_.rowStride, forward, false),
                        lines(nx, 1, 1, layout_.rowStride, forward, false), kRowsAtOnce};
    };
    const auto columns = [&](bool forward) {
        const Index portion = std::min(kColumnsAtOnce, nx);
        const Index rest = nx % portion;
        return Portions{lines(ny, portion, layout_.rowStride, 1, forward),
                        rest > 0 ? lines(ny, rest, layout_.rowStride, 1, forward) : LinesPlan(), portion};
    };
    rowsForward_ = rows(true);
    rowsBack_ = rows(false);
    columnsForward_ = columns(true);
    columnsBack_ = columns(false);

    zForward_ = lines(nz, layout_.blockWidth, layout_.bufferStride, 1, true);
    zBack_ = lines(nz, layout_.blockWidth, layout_.bufferStride, 1, false);
    for (Index ky = 0; ky <= ny / 2; ++ky) {
        const Index end = opposite(ky, 1) == ky ? nx / 2 + 1 : nx;
        for (Index kx = 0; kx < end; kx += layout_.blockWidth) {
            blocks_.push_back({static_cast<Index>(blocks_.size()), ky, kx, std::min(layout_.blockWidth, end - kx)});
        }
    }
}

void PairedFft::runRows(const Portions& plans, const Complex* from, Index count, Complex* to) const {
    if (count == plans.size) {
        plans.portion.run(from, to);
        return;
    }
    for (Index y = 0; y < count; ++y) plans.rest.run(from + y * layout_.rowStride, to + y * layout_.rowStride);
}

void PairedFft::forwardRows(const Complex* buffer, Index count, Complex* rows) const {
    runRows(rowsForward_, buffer, count, rows);
}

void PairedFft::inverseRows(const Complex* rows, Index count, Complex* buffer) const {
    runRows(rowsBack_, rows, count, buffer);
}

bool PairedFft::overColumns(const Portions& plans, Complex* pair, const std::stop_token& stop) const {
    const Index columns = layout_.size[2];
    for (Index x = 0; x < columns; x += plans.size) {
        if (stop.stop_requested()) return false;
        (columns - x >= plans.size ? plans.portion : plans.rest).run(pair + x, pair + x);
    }
    return true;
}

bool PairedFft::forwardColumns(Complex* pair, const std::stop_token& stop) const {
    return overColumns(columnsForward_, pair, stop);
}

bool PairedFft::inverseColumns(Complex* pair, const std::stop_token& stop) const {
    return overColumns(columnsBack_, pair, stop);
}

bool PairedFft::forward(Complex* pair, Complex* buffer, const std::stop_token& stop) const {
    const bool done = overRows(layout_.size[1], stop, [&](Index y, Index count) {
        Complex* rows = pair + y * layout_.rowStride;
        std::copy_n(rows, count * layout_.rowStride, buffer);
        forwardRows(buffer, count, rows);
    });
    return done && forwardColumns(pair, stop);
}

bool PairedFft::inverse(Complex* pair, Complex* buffer, const std::stop_token& stop) const {
    return inverseColumns(pair, stop) && overRows(layout_.size[1], stop, [&](Index y, Index count) {
               Complex* rows = pair + y * layout_.rowStride;
               inverseRows(rows, count, buffer);
               std::copy_n(buffer, count * layout_.rowStride, rows);
           });
}

// With P the transform of a + ib (planes a and b are real) and Q that of the opposite frequency, the transforms of the
// planes are A = (P + conj Q) / 2 and B = (P - conj Q) / 2i.
void PairedFft::load(const ColumnBlock& block, const Complex* volume, Complex* buffer) const {
    onWidest([&] { tellApart(block, volume, buffer); });
    if (layout_.size[0] > 1) zForward_.run(buffer, buffer);
}

inline void PairedFft::tellApart(const ColumnBlock& block, const Complex* volume, Complex* buffer) const {
    const Index otherRow = opposite(block.ky, 1) * layout_.rowStride;
    const Index otherColumn = layout_.size[2] - block.kx; // of the first column, unless that is 0
    for (Index j = 0; j < layout_.pairs; ++j) {
        const auto* p =
            reinterpret_cast<const float*>(volume + j * layout_.pairStride + block.ky * layout_.rowStride + block.kx);
        const auto* row = reinterpret_cast<const float*>(volume + j * layout_.pairStride + otherRow);
        auto* a = reinterpret_cast<float*>(buffer + 2 * j * layout_.bufferStride);
        auto* b = reinterpret_cast<float*>(buffer + (2 * j + 1) * layout_.bufferStride);
        const auto part = [&](Index i, const float* q) {
            const float pr = p[2 * i], pi = p[2 * i + 1], qr = q[0], qi = q[1];
            a[2 * i] = 0.5F * (pr + qr);
            a[2 * i + 1] = 0.5F * (pi - qi);
            b[2 * i] = 0.5F * (pi + qi);
            b[2 * i + 1] = 0.5F * (qr - pr);
        };
        Index i = 0;
        if (block.kx == 0) part(i++, row);
        for (; i < block.count; ++i) part(i, row + 2 * (otherColumn - i));
        std::fill(a + 2 * block.count, a + 2 * layout_.blockWidth, 0.0F);
        std::fill(b + 2 * block.count, b + 2 * layout_.blockWidth, 0.0F);
    }
}

void PairedFft::store(const ColumnBlock& block, Complex* buffer, Complex* volume) const {
    if (layout_.size[0] > 1) zBack_.run(buffer, buffer);
    onWidest([&] { join(block, buffer, volume); });
}

inline void PairedFft::join(const ColumnBlock& block, const Complex* buffer, Complex* volume) const {
    const bool ownOpposite = opposite(block.ky, 1) == block.ky;
    const Index otherRow = opposite(block.ky, 1) * layout_.rowStride;
    const Index otherColumn = layout_.size[2] - block.kx;
    for (Index j = 0; j < layout_.pairs; ++j) {
        auto* p = reinterpret_cast<float*>(volume + j * layout_.pairStride + block.ky * layout_.rowStride + block.kx);
        auto* row = reinterpret_cast<float*>(volume + j * layout_.pairStride + otherRow);
        const auto* a = reinterpret_cast<const float*>(buffer + 2 * j * layout_.bufferStride);
        const auto* b = reinterpret_cast<const float*>(buffer + (2 * j + 1) * layout_.bufferStride);
        const auto part = [&](Index i, float* q) {
            const float ar = a[2 * i], ai = a[2 * i + 1], br = b[2 * i], bi = b[2 * i + 1];
            p[2 * i] = ar - bi;
            p[2 * i + 1] = ai + br;
            q[0] = ar + bi;
            q[1] = br - ai;
        };
        Index i = 0;
        if (block.kx == 0) part(i++, row);
        for (; i < block.count; ++i) part(i, row + 2 * (otherColumn - i));
        if (!ownOpposite) continue;
        for (const Index kx : {Index{0}, layout_.size[2] / 2}) { // their own opposites: planes of real numbers
            const Index own = kx - block.kx;
            if (own < 0 || own >= block.count || opposite(kx, 2) != kx) continue;
            p[2 * own] = a[2 * own];
            p[2 * own + 1] = b[2 * own];
        }
    }
}

void PairedFft::multiply(const ColumnBlock& block, const Complex* filter, bool conjugate, Complex* buffer) const {
    onWidest([&] {
        for (Index kz = 0; kz < layout_.size[0]; ++kz) {
            const Complex* row = filter + (block.index * layout_.size[0] + kz) * layout_.blockWidth;
            if (conjugate) {
                multiplyRow<true>(row, layout_.blockWidth, buffer + kz * layout_.bufferStride);
            } else {
                multiplyRow<false>(row, layout_.blockWidth, buffer + kz * layout_.bufferStride);
            }
        }
    });
}

} // namespace lazulite::compute::cpu
