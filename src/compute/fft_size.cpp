#include "lazulite/compute/fft_size.h"

namespace lazulite::compute {

namespace {

bool isFast(Index size) {
    for (const Index prime : {2, 3, 5, 7}) {
        while (size % prime == 0) size /= prime;
    }
    return size == 1;
}

} // namespace

Index fastSizeFrom(Index least) {
    Index size = least < 1 ? 1 : least;
    while (!isFast(size)) ++size;
    return size;
}

Index fastSizeUpTo(Index most) {
    Index size = most < 1 ? 1 : most;
    while (!isFast(size)) --size;
    return size;
}

Size3 fastSizeFrom(const Size3& least) {
    return {fastSizeFrom(least[0]), fastSizeFrom(least[1]), fastSizeFrom(least[2])};
}

Size3 fastSizeUpTo(const Size3& most) {
    return {fastSizeUpTo(most[0]), fastSizeUpTo(most[1]), fastSizeUpTo(most[2])};
}

} // namespace lazulite::compute
