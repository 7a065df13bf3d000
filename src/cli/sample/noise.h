#pragma once

#include <cstdint>

namespace lazulite::cli::sample {

/// A well mixed 64-bit number from another one (the finaliser of SplitMix64).
inline std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

/// Random numbers in sequence; the same ones on every machine, unlike the standard library's distributions.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(mixed(seed)) {}

    /// In [low, high).
    double uniform(double low, double high);
    /// A unit vector of no preferred direction.
    void direction(double& x, double& y, double& z);

private:
    std::uint64_t state_;
};

/// The camera: photo-electrons in, counts out.
struct Camera {
    double offset = 100;    ///< counts
    double gain = 2.17;     ///< counts an electron
    double readNoise = 1.6; ///< electrons, standard deviation

    /// One row of `count` pixels: shot noise on `electrons`, read noise, gain, offset, rounding. `key` names the row;
    /// equal keys give equal noise, so the result does not depend on which thread does it.
    void expose(const float* electrons, std::uint16_t* counts, std::int64_t count, std::uint64_t key) const;
};

} // namespace lazulite::cli::sample
