#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define LAZULITE_AVX2
#endif

namespace lazulite::compute::cpu {

#ifdef LAZULITE_AVX2

/// `body` and all that it calls, compiled a second time for AVX2 (which processors have had since 2013-2015). Without
/// FMA: a fused multiplication rounds otherwise, and the same data shall give the same voxels on every machine.
template <typename Body>
[[gnu::target("avx2,bmi,bmi2,f16c,lzcnt"), gnu::flatten, gnu::noinline]] void onAvx2(const Body& body) {
    body();
}

inline const bool kHasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");

/// Runs `body` in the widest registers that the processor has.
template <typename Body>
void onWidest(const Body& body) {
    if (kHasAvx2) {
        onAvx2(body);
    } else {
        body();
    }
}

#else

template <typename Body>
void onWidest(const Body& body) {
    body();
}

#endif

} // namespace lazulite::compute::cpu
