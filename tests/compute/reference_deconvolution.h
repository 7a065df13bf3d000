#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "reference_fft.h"

/// Richardson-Lucy as it is written down, in double precision and volume by volume.
namespace lazulite::testing {

struct ReferenceIteration {
    int iterations = 10;
    bool accelerated = true;
    std::optional<Size3> image{}; ///< the part of the grid that was measured, from its first voxel on; nothing: all
};

/// Circular, on the OTF's grid. `data` and `start` are of the grid's size; the result too.
inline std::vector<double> deconvolved(const std::vector<double>& data, const std::vector<double>& start,
                                       const Spectrum& otf, const Size3& grid, const ReferenceIteration& options) {
    constexpr double kTiny = 1.19e-7;
    const std::size_t count = data.size();
    std::vector<double> mask(count, 1.0);
    if (options.image) {
        for (Index z = 0; z < grid[0]; ++z) {
            for (Index y = 0; y < grid[1]; ++y) {
                for (Index x = 0; x < grid[2]; ++x) {
                    const Size3& image = *options.image;
                    mask[at(grid, z, y, x)] = z < image[0] && y < image[1] && x < image[2] ? 1 : 0;
                }
            }
        }
    }
    const std::vector<double> seen = blurred(mask, otf, grid, true);
    std::vector<double> estimate = start;
    std::vector<double> before = start;
    std::vector<std::vector<double>> changes;
    const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
        return sum;
    };
    for (int k = 0; k < options.iterations; ++k) {
        std::vector<double> ahead = estimate;
        if (options.accelerated && k >= 2) {
            const std::vector<double>& last = changes[changes.size() - 1];
            const std::vector<double>& previous = changes[changes.size() - 2];
            const double lambda = std::clamp(dot(last, previous) / (dot(previous, previous) + kTiny), 0.0, 1.0);
            for (std::size_t i = 0; i < count; ++i) {
                ahead[i] = std::max(0.0, estimate[i] + lambda * (estimate[i] - before[i]));
            }
        }
        std::vector<double> ratio = blurred(ahead, otf, grid);
        for (std::size_t i = 0; i < count; ++i) {
            ratio[i] = mask[i] * std::clamp(data[i] / (ratio[i] == 0 ? kTiny : ratio[i]) + kTiny, -10.0, 10.0);
        }
        std::vector<double> next = blurred(ratio, otf, grid, true);
        std::vector<double> change(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double corrected = options.image ? ahead[i] * next[i] / seen[i] : ahead[i] * next[i];
            next[i] = options.image && seen[i] <= 0.01 ? ahead[i] : std::max(0.0, corrected);
            change[i] = next[i] - ahead[i];
        }
        changes.push_back(std::move(change));
        before = std::move(estimate);
        estimate = std::move(next);
    }
    return estimate;
}

} // namespace lazulite::testing
