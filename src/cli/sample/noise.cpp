#include "noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace lazulite::cli::sample {
namespace {

constexpr std::size_t kQuantiles = 65536;

/// The standard normal distribution at the middles of 65536 equal parts of probability: a 16-bit random number is an
/// index.
std::vector<float> makeQuantiles() {
    std::vector<float> quantiles(kQuantiles);
    double z = 0;
    for (std::size_t i = kQuantiles / 2; i < kQuantiles; ++i) {
        const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(kQuantiles);
        for (int step = 0; step < 20; ++step) { // Newton, from the neighbour's value
            const double probability = 1.0 - 0.5 * std::erfc(z / std::numbers::sqrt2);
            const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
            const double move = (wanted - probability) / density;
            z += move;
            if (std::abs(move) < 1e-9) break;
        }
        quantiles[i] = static_cast<float>(z);
        quantiles[kQuantiles - 1 - i] = static_cast<float>(-z);
    }
    return quantiles;
}

const std::vector<float>& quantiles() {
    static const std::vector<float> table = makeQuantiles();
    return table;
}

} // namespace

double Random::uniform(double low, double high) {
    constexpr double kUnit = 1.0 / 9007199254740992.0; // 2^-53
    state_ = mixed(state_);
    return low + (high - low) * static_cast<double>(state_ >> 11U) * kUnit;
}

void Random::direction(double& x, double& y, double& z) {
    z = uniform(-1, 1);
    const double angle = uniform(0, 2 * std::numbers::pi);
    const double radius = std::sqrt(1 - z * z);
    x = radius * std::cos(angle);
    y = radius * std::sin(angle);
}

void Camera::expose(const float* electrons, std::uint16_t* counts, std::int64_t count, std::uint64_t key) const {
    const float* const normal = quantiles().data();
    const auto gainF = static_cast<float>(gain);
    const auto offsetF = static_cast<float>(offset) + 0.5F; // 0.5: the cast below cuts off
    const auto readF = static_cast<float>(readNoise);
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint64_t bits = mixed(key + static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15ULL);
        // After Anscombe: the square of a normal number of width 1/2 about this root has the mean and variance of a
        // Poisson number, and nearly its shape.
        const float root = 0.5F * normal[bits & 0xFFFFU] + std::sqrt(std::max(electrons[i] - 0.125F, 0.0F));
        const float detected = root * root - 0.125F + readF * normal[(bits >> 16U) & 0xFFFFU];
        counts[i] = static_cast<std::uint16_t>(std::clamp(detected * gainF + offsetF, 0.0F, 65535.0F));
    }
}

} // namespace lazulite::cli::sample
