#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define LAZULITE_AVX2
#endif

namespace lazulite::compute::cpu {

#ifdef LAZULITE_AVX2

/// `body` and all that it calls, compiled a second time for AVX2 and FMA (which processors have had since 2013-2015).
template <typename Body>
[[gnu::target("avx2,fma,bmi,bmi2,f16c,lzcnt"), gnu::flatten, gnu::noinline]] void onAvx2(const Body& body) {
    body();
}

inline const bool kHasAvx2 =
    __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");

/// Runs `body` in the registers of AVX2 where the processor has them.
template <typename Body>
void onWidest(const Body& body) {
    if (kHasAvx2) {
        onAvx2(body);
    } else {
        body();
    }
}

/// And a third time for AVX-512 (of processors since 2017-2022).
template <typename Body>
[[gnu::target("avx512f,fma,avx512bw,avx512dq,avx512vl,bmi,bmi2,f16c,lzcnt,prefer-vector-width=512"), gnu::flatten,
  gnu::noinline]] void
onAvx512(const Body& body) {
    body();
}

inline const bool kHasAvx512 = kHasAvx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");

/// For long chains of arithmetic, whose steps wait for each other: the more voxels a register holds the fewer chains
/// there are. What merely moves voxels gains nothing by it. `body` may be called by onWidest().
template <typename Body>
void withMostLanes(const Body& body) {
    if (kHasAvx512) {
        onAvx512(body);
    } else {
        body();
    }
}

#else

template <typename Body>
void onWidest(const Body& body) {
    body();
}

template <typename Body>
void withMostLanes(const Body& body) {
    body();
}

#endif

} // namespace lazulite::compute::cpu
