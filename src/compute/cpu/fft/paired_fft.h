#pragma once

#include <algorithm>
#include <stop_token>
#include <vector>

#include "lazulite/compute/fft_size.h"
#include "plan.h"

namespace lazulite::compute::cpu {

/// How a real volume lies in memory for its transforms: as pairs of planes, plane 2j in the real and plane 2j + 1 in
/// the imaginary parts of complex plane j. Complex transforms of such pairs cost less than real ones of single planes
/// (all of FFTW's complex code is vectorised, most of its real code is not), and their results are told apart again by
/// the symmetry of real signals when the transforms along z are done.
struct PairedLayout {
    explicit PairedLayout(const Size3& gridSize);

    Size3 size;
    Index pairs;      ///< complex planes; the last one of an odd number of planes has no imaginary part
    Index rowStride;  ///< complex numbers from a row to the next: whole cache lines
    Index pairStride; ///< from a complex plane to the next
    /// Of columns that are transformed along z as one: how many, and how far apart their rows lie in a buffer.
    Index blockWidth;
    Index bufferStride;
    Index blocks; ///< how many of them hold half the spectrum

    Index elements() const { return pairs * pairStride; }
    std::uint64_t bytes() const { return static_cast<std::uint64_t>(elements()) * sizeof(Complex); }
    /// The row of a missing last plane counts too.
    Index bufferElements() const { return 2 * pairs * bufferStride; }
    Index filterElements() const { return blocks * size[0] * blockWidth; }
    std::uint64_t filterBytes() const { return static_cast<std::uint64_t>(filterElements()) * sizeof(Complex); }
};

/// Neighbouring columns of the spectrum that are transformed along z as one, together with those of opposite
/// frequencies.
struct ColumnBlock {
    Index index = 0; ///< which of all blocks
    Index ky = 0;    ///< their row
    Index kx = 0;    ///< the first of them
    Index count = 0;
};

/// The transforms of a volume in pairs of planes, in pieces that stay in a core's cache. What lies between the pieces
/// (tasks, pointwise work) is the caller's. Not scaled. Thread-safe.
class PairedFft {
public:
    explicit PairedFft(const Size3& size);

    const PairedLayout& layout() const { return layout_; }

    /// Rows of a pair are transformed a few at a time, out of a buffer or into one, where they are made and looked at
    /// while they lie in the first cache. In the buffer they are rowStride apart.
    static constexpr Index kRowsAtOnce = 8;
    std::size_t rowBufferElements() const { return static_cast<std::size_t>(kRowsAtOnce * layout_.rowStride); }
    /// Calls work(first, count) for all rows of a pair below `end`, as many as are transformed at once. False: stopped.
    template <typename Work>
    static bool overRows(Index end, const std::stop_token& stop, const Work& work) {
        for (Index y = 0; y < end; y += kRowsAtOnce) {
            if (stop.stop_requested()) return false;
            work(y, std::min(kRowsAtOnce, end - y));
        }
        return true;
    }
    void forwardRows(const Complex* buffer, Index count, Complex* rows) const;
    void inverseRows(const Complex* rows, Index count, Complex* buffer) const;
    /// All columns of a pair, in place. False: stopped.
    bool forwardColumns(Complex* pair, const std::stop_token& stop) const;
    bool inverseColumns(Complex* pair, const std::stop_token& stop) const;
    /// A whole pair along x and y, in place; `buffer` is for rows.
    bool forward(Complex* pair, Complex* buffer, const std::stop_token& stop) const;
    bool inverse(Complex* pair, Complex* buffer, const std::stop_token& stop) const;

    /// The columns of non-negative ky (all kx; of those of ky = 0 and ny / 2 just half), in blocks: with their
    /// opposites that is all of the spectrum.
    const std::vector<ColumnBlock>& blocks() const { return blocks_; }

    /// The spectrum of a block's columns, out of a volume whose pairs have been transformed.
    void load(const ColumnBlock& block, const Complex* volume, Complex* buffer) const;
    /// Transforms a buffer back into the volume; the columns of opposite frequencies follow, since the volume is real.
    void store(const ColumnBlock& block, Complex* buffer, Complex* volume) const;
    /// The buffer times the block's columns of a filter, or of its conjugate.
    void multiply(const ColumnBlock& block, const Complex* filter, bool conjugate, Complex* buffer) const;

    /// A block is a row of blockWidth columns for each kz; in a filter they lie side by side.
    Complex* filterRow(const ColumnBlock& block, Index kz, Complex* filter) const {
        return filter + (block.index * layout_.size[0] + kz) * layout_.blockWidth;
    }
    const Complex* bufferRow(Index kz, const Complex* buffer) const { return buffer + kz * layout_.bufferStride; }

private:
    /// Lines of equal shape in portions of `size`, and what is left over.
    struct Portions {
        LinesPlan portion;
        LinesPlan rest; ///< for rows one, for columns all of them
        Index size = 1;
    };
    void runRows(const Portions& plans, const Complex* from, Index count, Complex* to) const;
    bool overColumns(const Portions& plans, Complex* pair, const std::stop_token& stop) const;
    void tellApart(const ColumnBlock& block, const Complex* volume, Complex* buffer) const;
    void join(const ColumnBlock& block, const Complex* buffer, Complex* volume) const;
    Index opposite(Index k, std::size_t axis) const { return k == 0 ? 0 : layout_.size[axis] - k; }

    PairedLayout layout_;
    std::vector<ColumnBlock> blocks_;
    Portions rowsForward_, rowsBack_, columnsForward_, columnsBack_;
    LinesPlan zForward_, zBack_;
};

} // namespace lazulite::compute::cpu
