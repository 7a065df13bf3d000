#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace lazulite::compute::cpu {

/// 64-byte aligned memory of this thread for elements of type T, not initialised; the same again at the next call.
template <typename T>
T* threadBuffer(std::size_t elements) {
    constexpr std::align_val_t kAlignment{64};
    struct Free {
        void operator()(T* memory) const { ::operator delete(memory, kAlignment); }
    };
    thread_local std::unique_ptr<T, Free> memory;
    thread_local std::size_t capacity = 0;
    if (elements > capacity) {
        memory.reset();
        memory.reset(static_cast<T*>(::operator new(elements * sizeof(T), kAlignment)));
        capacity = elements;
    }
    return memory.get();
}

} // namespace lazulite::compute::cpu
