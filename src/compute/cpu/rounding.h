#pragma once

#include <type_traits>

#include "lazulite/compute/elements.h"
#include "widest.h"

#ifdef LAZULITE_AVX2
#include <immintrin.h>
#endif

/// Computed numbers as elements, a row at a time. It is what most kernels end with, and compilers make a poor job of
/// saturation, so the common case is written out.
namespace lazulite::compute::cpu {

#ifdef LAZULITE_AVX2

template <typename T>
inline constexpr bool kRoundsOnAvx2 = std::is_integral_v<T> && sizeof(T) <= 2;

/// 16 floats at a time as integers of 8 or 16 bits; returns how many were done.
template <typename T>
[[gnu::target("avx2")]] Index roundOnAvx2(const float* values, Index count, T* elements) {
    const __m256 high = _mm256_set1_ps(static_cast<float>(std::numeric_limits<T>::max()));
    const auto whole = [&](const float* from) __attribute__((target("avx2"))) {
        __m256 numbers = _mm256_loadu_ps(from);
        if constexpr (std::is_signed_v<T>) {
            numbers = _mm256_and_ps(numbers, _mm256_cmp_ps(numbers, numbers, _CMP_ORD_Q)); // NaN becomes 0
        }
        // What is too small, and NaN, becomes the smallest int, which the packing saturates.
        return _mm256_cvtps_epi32(_mm256_min_ps(high, numbers));
    };
    Index done = 0;
    for (; done + 16 <= count; done += 16) {
        const __m256i first = whole(values + done);
        const __m256i second = whole(values + done + 8);
        const __m256i mixed =
            std::is_same_v<T, std::uint16_t> ? _mm256_packus_epi32(first, second) : _mm256_packs_epi32(first, second);
        const __m256i words = _mm256_permute4x64_epi64(mixed, 0b11011000);
        if constexpr (sizeof(T) == 2) {
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(elements + done), words);
        } else {
            const __m128i low = _mm256_castsi256_si128(words);
            const __m128i up = _mm256_extracti128_si256(words, 1);
            const __m128i bytes = std::is_signed_v<T> ? _mm_packs_epi16(low, up) : _mm_packus_epi16(low, up);
            _mm_storeu_si128(reinterpret_cast<__m128i*>(elements + done), bytes);
        }
    }
    return done;
}

#else

template <typename T>
inline constexpr bool kRoundsOnAvx2 = false;

#endif

/// toElement() of every number; `elements` lie densely.
template <typename T, typename Real>
void toElements(const Real* __restrict values, Index count, T* __restrict elements) {
    Index done = 0;
    if constexpr (kRoundsOnAvx2<T> && std::is_same_v<Real, float>) {
        if (kHasAvx2) done = roundOnAvx2(values, count, elements);
    }
    using Wide = std::conditional_t<std::is_integral_v<T>, RealOf<T>, Real>; // 32 bits overflow a float
    for (Index i = done; i < count; ++i) elements[i] = toElement<T>(static_cast<Wide>(values[i]));
}

} // namespace lazulite::compute::cpu
