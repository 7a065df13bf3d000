#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace lazulite::testing {

/// Gives memory on cache lines, as that of the executor lies.
template <typename T>
struct Aligned {
    using value_type = T;
    static constexpr std::align_val_t kAlignment{64};

    Aligned() = default;
    template <typename U>
    explicit Aligned(const Aligned<U>&) {}

    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), kAlignment)); }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, kAlignment); }
    bool operator==(const Aligned&) const { return true; }
};

template <typename T>
using AlignedVector = std::vector<T, Aligned<T>>;

} // namespace lazulite::testing
