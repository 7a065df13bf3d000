#pragma once

#include <algorithm>
#include <array>
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
    double totalVariation = 0;
    double quiet = 0;                     ///< a thousandth of the mean of the data
    std::array<double, 3> steps{1, 1, 1}; ///< between voxels along z, y and x
};

/// div(grad / |grad|) by forward differences and their adjoint; nothing flows over the edges of the grid.
inline std::vector<double> curvatureOf(const std::vector<double>& volume, const Size3& grid,
                                       const ReferenceIteration& options) {
    std::array<std::vector<double>, 3> flow;
    for (auto& component : flow) component.assign(volume.size(), 0);
    const auto overAll = [&](const auto& visit) {
        for (Index z = 0; z < grid[0]; ++z) {
            for (Index y = 0; y < grid[1]; ++y) {
                for (Index x = 0; x < grid[2]; ++x) visit(std::array<Index, 3>{z, y, x}, at(grid, z, y, x));
            }
        }
    };
    const std::array<std::size_t, 3> stride{static_cast<std::size_t>(grid[1] * grid[2]),
                                            static_cast<std::size_t>(grid[2]), 1};
    overAll([&](const std::array<Index, 3>& place, std::size_t i) {
        double square = options.quiet * options.quiet;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if (place[axis] + 1 == grid[axis]) continue;
            flow[axis][i] = (volume[i + stride[axis]] - volume[i]) / options.steps[axis];
            square += flow[axis][i] * flow[axis][i];
        }
        for (auto& component : flow) component[i] /= std::sqrt(square);
    });
    std::vector<double> result(volume.size());
    overAll([&](const std::array<Index, 3>& place, std::size_t i) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double before = place[axis] > 0 ? flow[axis][i - stride[axis]] : 0;
            result[i] += (flow[axis][i] - before) / options.steps[axis];
        }
    });
    return result;
}

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
        std::vector<double> curved(count);
        if (options.totalVariation > 0) curved = curvatureOf(ahead, grid, options);
        std::vector<double> change(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double weight = options.image ? 1 / seen[i] : 1;
            const double corrected =
                ahead[i] * next[i] * weight / std::max(0.1, 1 - options.totalVariation * weight * curved[i]);
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
