#include "lazulite/compute/fft_size.h"

#include <array>

namespace lazulite::compute {

namespace {

bool isSmooth(Index size) {
    for (const Index prime : {2, 3, 5, 7}) {
        while (size % prime == 0) size /= prime;
    }
    return size == 1;
}

/// What a volume costs whose axis is so long, seen along that axis alone, in nanoseconds: the transform along it, which
/// is quick where the length holds several factors of two (vectorised codelets), and all the other work on its voxels.
double costOf(Index size) {
    constexpr double kOtherWork = 4.0;
    constexpr std::array<double, 4> kByTwos{2.8, 2.1, 1.5, 1.2};
    std::size_t twos = 0;
    for (Index rest = size; rest % 2 == 0 && twos + 1 < kByTwos.size(); rest /= 2) ++twos;
    return static_cast<double>(size) * (kOtherWork + kByTwos.at(twos));
}

} // namespace

Index fastSizeFrom(Index least) {
    constexpr double kFarthest = 1.25; // a power of two and a few multiples of 8 lie nearer
    Index best = 0;
    for (Index size = least < 1 ? 1 : least; best == 0 || static_cast<double>(size) < kFarthest * least; ++size) {
        if (isSmooth(size) && (best == 0 || costOf(size) < costOf(best))) best = size;
    }
    return best;
}

Index fastSizeUpTo(Index most) {
    Index size = most < 1 ? 1 : most;
    while (!isSmooth(size)) --size;
    return size;
}

Size3 fastSizeUpTo(const Size3& most) {
    return {fastSizeUpTo(most[0]), fastSizeUpTo(most[1]), fastSizeUpTo(most[2])};
}

} // namespace lazulite::compute
