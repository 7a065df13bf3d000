#pragma once

#include <variant>

#include "bodies.h"
#include "lazulite/compute/kernels/richardson_lucy.h"

/// What threads do to volumes between Fourier transforms: bodies as in bodies.h, with the formulas of
/// kernels/richardson_lucy.h.
namespace lazulite::compute::cuda {

/// How a volume lies on the card so that it can be transformed in place: rows of real numbers, each as long as the row
/// of complex ones that it becomes.
struct Grid {
    explicit Grid(const Size3& gridSize) : size(gridSize), rowStride(2 * (gridSize[2] / 2 + 1)) {}

    Size3 size;
    Index rowStride; ///< real numbers

    std::uint64_t bytes() const { return static_cast<std::uint64_t>(size[0] * size[1] * rowStride) * sizeof(float); }
    Box box() const { return Box::whole(size); }
    Box spectrumBox() const { return Box::whole({size[0], size[1], size[2] / 2 + 1}); }
    LAZULITE_HD Index place(Index z, Index y, Index x) const { return (z * size[1] + y) * rowStride + x; }
};

struct ComplexNumber {
    float real;
    float imaginary;
};

/// data = the image above its background, densely packed.
struct TakeImage {
    View image;
    float background;
    float* data;
    Box box; ///< of the image

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const auto counts = load<double>(image.at(z, y, x), image.dtype);
            data[(z * box.size[1] + y) * box.size[2] + x] = rl::aboveBackground(static_cast<float>(counts), background);
        });
    }
};

/// Lines along an axis whose ends meet.
struct Apodize {
    const float* from;
    float* to;
    Index width;
    int axis; ///< 1: y, 2: x
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        const Index last = box.size[axis] - 1;
        const Index step = axis == 1 ? box.size[2] : 1;
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const Index place = (z * box.size[1] + y) * box.size[2] + x;
            const Index along = axis == 1 ? y : x;
            const Index start = place - along * step;
            const float half = 0.5F * (from[start + last * step] - from[start]);
            float value = from[place];
            if (along < width) value += rl::apodization(half, along, width);
            if (last - along < width) value -= rl::apodization(half, last - along, width);
            to[place] = value;
        });
    }
};

/// The first estimate: the image, continued by its reflections.
struct FirstEstimate {
    const float* data;
    Size3 image;
    float* estimate;
    Grid grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overRows(thread, [&](Index z, Index y) {
            const Index row = rl::reflectedOnGrid(z, image[0], grid.size[0]) * image[1] +
                              rl::reflectedOnGrid(y, image[1], grid.size[1]);
            box.overColumns(thread, [&](Index x) {
                estimate[grid.place(z, y, x)] = data[row * image[2] + rl::reflectedOnGrid(x, image[2], grid.size[2])];
            });
        });
    }
};

/// Where the last two estimates lie, and how far ahead of them an iteration starts.
struct Estimates {
    const float* last;
    const float* before;
    float lambda;

    LAZULITE_HD float start(Index place) const {
        return lambda == 0 ? last[place] : rl::momentum(last[place], before[place], lambda);
    }
};

/// volume = Y
struct Start {
    Estimates estimates;
    float* volume;
    Grid grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const Index place = grid.place(z, y, x);
            volume[place] = estimates.start(place);
        });
    }
};

/// spectrum = spectrum times a filter, or its conjugate
struct Multiply {
    ComplexNumber* spectrum;
    const ComplexNumber* filter;
    bool conjugate;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const Index place = (z * box.size[1] + y) * box.size[2] + x;
            const ComplexNumber a = spectrum[place];
            const ComplexNumber b = filter[place];
            const float imaginary = conjugate ? -b.imaginary : b.imaginary;
            spectrum[place] = {a.real * b.real - a.imaginary * imaginary, a.real * imaginary + a.imaginary * b.real};
        });
    }
};

/// volume = the image over the volume, 0 where there is no image
struct Compare {
    const float* data;
    Size3 image;
    float* volume;
    Grid grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overRows(thread, [&](Index z, Index y) {
            const bool inside = z < image[0] && y < image[1];
            box.overColumns(thread, [&](Index x) {
                float& voxel = volume[grid.place(z, y, x)];
                voxel = inside && x < image[2] ? rl::ratio(data[(z * image[1] + y) * image[2] + x], voxel) : 0.0F;
            });
        });
    }
};

/// volume = 1 in the image, 0 elsewhere
struct Mask {
    Size3 image;
    float* volume;
    Grid grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            volume[grid.place(z, y, x)] = z < image[0] && y < image[1] && x < image[2] ? 1.0F : 0.0F;
        });
    }
};

/// weights = what corrections are multiplied by where so much of a voxel's light is seen
struct Weigh {
    const float* seen;
    float* weights;
    Grid grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const Index place = grid.place(z, y, x);
            weights[place] = rl::weightFor(seen[place]);
        });
    }
};

/// curvature = how Y is curved, for the total variation
struct Curve {
    Estimates estimates;
    float steps[3];
    float quiet;
    float* curvature;
    Grid grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const auto at = [&](int dz, int dy, int dx) {
                return estimates.start(grid.place(clampIndex(z + dz, 0, box.size[0] - 1),
                                                  clampIndex(y + dy, 0, box.size[1] - 1),
                                                  clampIndex(x + dx, 0, box.size[2] - 1)));
            };
            curvature[grid.place(z, y, x)] = rl::curvature(at, steps, quiet);
        });
    }
};

/// volume = a point spread function of `size` voxels, `first` the offset of its first one from voxel 0, times `scale`
struct PlacePointSpread {
    const float* values;
    Size3 first;
    Size3 size;
    float scale;
    float* volume;
    Grid grid;
    Box box;

    /// Which of the values lies at a position of the grid, which goes on at its far end.
    LAZULITE_HD Index valueAt(int axis, Index position) const {
        const Index n = box.size[axis];
        const Index value = position - (axis == 0 ? first[0] : axis == 1 ? first[1] : first[2]);
        return value >= n ? value - n : value;
    }
    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overRows(thread, [&](Index z, Index y) {
            const Index k = valueAt(0, z);
            const Index j = valueAt(1, y);
            const bool inside = k < size[0] && j < size[1];
            box.overColumns(thread, [&](Index x) {
                const Index i = valueAt(2, x);
                volume[grid.place(z, y, x)] =
                    inside && i < size[2] ? scale * values[(k * size[1] + j) * size[2] + i] : 0.0F;
            });
        });
    }
};

/// back = the filter times the gain of the Wiener-Butterworth back projector
struct MakeBackProjector {
    const ComplexNumber* filter;
    ComplexNumber* back;
    rl::WienerButterworth design;
    double cutoff[3]; ///< in frequencies of the grid
    float voxels;     ///< that the filter was divided by
    Size3 grid;
    Box box;

    LAZULITE_HD void operator()(const Thread& thread) const {
        box.overRows(thread, [&](Index z, Index y) {
            const float outer = rl::overCutoff(z, grid[0], cutoff[0]) + rl::overCutoff(y, grid[1], cutoff[1]);
            box.overColumns(thread, [&](Index x) {
                const Index place = (z * box.size[1] + y) * box.size[2] + x;
                const ComplexNumber h = filter[place];
                const float real = h.real * voxels;
                const float imaginary = h.imaginary * voxels;
                const float gain =
                    design.gain(real * real + imaginary * imaginary, outer + rl::overCutoff(x, grid[2], cutoff[2]));
                back[place] = {h.real * gain, h.imaginary * gain};
            });
        });
    }
};

using Pass = std::variant< //
    Apodize,               //
    Compare,               //
    Curve,                 //
    FirstEstimate,         //
    MakeBackProjector,     //
    Mask,                  //
    Multiply,              //
    PlacePointSpread,      //
    Start,                 //
    TakeImage,             //
    Weigh>;

/// Two numbers that threads add up.
struct Sums {
    double first = 0;
    double second = 0;
};

/// next = max(0, Y correction weight), over the estimate before the last two; adds up <g, g> and <g, g of the iteration
/// before>, g = next - Y.
struct Correct {
    Estimates estimates;
    const float* correction;
    const float* weights;   ///< or null
    const float* curvature; ///< or null
    float variation;        ///< weight of the total variation
    float lambdaBefore;
    float* next;
    bool accelerated; ///< else `next` is the last estimate's own place, and nothing is added up
    bool first;       ///< of all iterations: no g is before
    Grid grid;
    Box box;

    static constexpr bool kLargest = false;

    LAZULITE_HD float corrected(Index place, float start) const {
        if (curvature != nullptr) {
            const float weight = weights != nullptr ? weights[place] : 1.0F;
            return rl::weightedUpdate(start, correction[place],
                                      rl::regularisedWeight(weight, variation, curvature[place]));
        }
        return weights != nullptr ? rl::weightedUpdate(start, correction[place], weights[place])
                                  : rl::update(start, correction[place]);
    }
    LAZULITE_HD Sums operator()(const Thread& thread) const {
        Sums sums;
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const Index place = grid.place(z, y, x);
            const float start = estimates.start(place);
            const float value = corrected(place, start);
            if (accelerated) {
                const double g = static_cast<double>(value - start);
                sums.first += g * g;
                if (!first) {
                    // The change before, told by the estimates again: costs less than to keep it.
                    const Estimates earlier{estimates.before, next, lambdaBefore};
                    sums.second += g * static_cast<double>(estimates.last[place] - earlier.start(place));
                }
            }
            next[place] = value;
        });
        return sums;
    }
};

/// The largest number (0 where there is none above it), and the sum of what lies above the background.
struct AddLight {
    View image;
    double background;
    Box box;

    static constexpr bool kLargest = true; ///< of the first

    LAZULITE_HD Sums operator()(const Thread& thread) const {
        Sums sums;
        box.overVoxels(thread, [&](Index z, Index y, Index x) {
            const auto value = load<double>(image.at(z, y, x), image.dtype);
            if (value > sums.first) sums.first = value;
            if (value > background) sums.second += value - background;
        });
        return sums;
    }
};

using SummingPass = std::variant<AddLight, Correct>;

/// What two threads, or blocks of them, have found.
template <typename Body>
LAZULITE_HD Sums joined(const Sums& a, const Sums& b) {
    const double larger = a.first > b.first ? a.first : b.first;
    return {Body::kLargest ? larger : a.first + b.first, a.second + b.second};
}

} // namespace lazulite::compute::cuda
