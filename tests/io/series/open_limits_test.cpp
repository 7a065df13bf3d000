// What opening may cost: memory grows with the number of names and with nothing else.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include <fmt/format.h>

#include "series/name_grid.h"

namespace {
std::atomic<std::size_t> held{0};
std::atomic<std::size_t> peak{0};

void* counted(std::size_t bytes) {
    void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
    if (memory == nullptr) throw std::bad_alloc();
    const std::size_t now = held += malloc_usable_size(memory);
    std::size_t most = peak;
    while (now > most && !peak.compare_exchange_weak(most, now)) {
    }
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) held -= malloc_usable_size(memory);
    std::free(memory);
}
} // namespace

void* operator new(std::size_t bytes) {
    return counted(bytes);
}
void* operator new[](std::size_t bytes) {
    return counted(bytes);
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    return counted(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
    return counted(bytes);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    release(memory);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    release(memory);
}

namespace lazulite::io::series {
namespace {

std::string latticeName(std::size_t t, int c) {
    return fmt::format("cell1_Cam{}_ch{}_stack{:04}_{}nm_{:07}msec_{:010}msecAbs.tif", c == 0 ? 'A' : 'B', c, t,
                       c == 0 ? 488 : 560, t * 2000, 16966725 + t * 2000);
}

TEST(OpenLimits, ManyNamesTakeLessThanTwoHundredBytesEach) {
    constexpr std::size_t kTimes = 100'000;
    constexpr std::size_t kNames = 2 * kTimes;
    const std::size_t before = held;
    peak = before;
    std::size_t after = 0;
    {
        NameArena names;
        std::vector<NameArena::Id> ids;
        for (std::size_t t = 0; t < kTimes; ++t) {
            for (int c = 0; c < 2; ++c) {
                if (t == 77 && c == 1) continue; // a hole, so that the grid is not regular
                ids.push_back(names.add({}, latticeName(t, c)));
            }
        }
        const OuterGrid grid = resolveNames(names, ids, {});
        ASSERT_EQ(grid.axes.size(), 2U);
        EXPECT_EQ(grid.axes[0].size, 100'000);
        EXPECT_EQ(grid.places.size() - grid.files.size(), 1U);
        ids = {};
        after = held;
    }
    EXPECT_LE(peak - before, 200 * kNames) << "while names are resolved";
    EXPECT_LE(after - before, 100 * kNames) << "while the series is open: a name's own 72 bytes and its place";
    EXPECT_LE(held, before + 4096) << "all is given back";
}

TEST(OpenLimits, NamesMadeToConfuseStayBounded) {
    const std::size_t before = held;
    peak = before;
    NameArena names;
    std::vector<NameArena::Id> ids;
    for (std::size_t i = 0; i < 20'000; ++i) {
        const std::size_t n = i * 2654435761U % 1000003;
        ids.push_back(names.add(
            {}, fmt::format("a{}b{}c{}_{}-{}.tif", n, n * 7 % 1009, n * 13 % 2003, n * 17 % 4001, n * 19 % 997)));
    }
    const OuterGrid grid = resolveNames(names, ids, {});
    EXPECT_EQ(grid.files.size(), ids.size());
    EXPECT_LE(grid.placeCount(), ids.size() * 16 + 64);
    EXPECT_LE(peak - before, 1000 * ids.size());
}

} // namespace
} // namespace lazulite::io::series
