#include "back_projector_design.h"

#include <algorithm>
#include <cmath>

namespace lazulite::compute {

namespace {

/// Full width at half maximum.
double fullWidth(const std::vector<double>& line) {
    const auto size = static_cast<Index>(line.size());
    const auto at = [&](Index i) { return line[static_cast<std::size_t>((i + size) % size)]; };
    const double half = 0.5 * at(0);
    const auto distance = [&](Index direction) {
        for (Index i = 1; 2 * i <= size; ++i) {
            const double before = at((i - 1) * direction);
            const double here = at(i * direction);
            if (here < half) return static_cast<double>(i - 1) + (before - half) / (before - here);
        }
        return 0.5 * static_cast<double>(size);
    };
    return distance(1) + distance(-1);
}

/// A magnitude between those of whole frequencies.
double magnitudeAt(const std::vector<double>& magnitudes, double frequency) {
    const auto last = magnitudes.size() - 1;
    const double whole = std::floor(frequency);
    const auto below = std::min(last, static_cast<std::size_t>(whole));
    const double fraction = frequency - whole;
    return (1 - fraction) * magnitudes[below] + fraction * magnitudes[std::min(last, below + 1)];
}

} // namespace

BackProjectorDesign designBackProjector(const AlongAxes& psf, const AlongAxes& magnitudes) {
    constexpr double kLeastGain = 1e-3;
    BackProjectorDesign design;
    double gain = 0;
    int axes = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::size_t size = psf[axis].size();
        if (size == 1) {
            design.cutoff[axis] = 1;
            continue;
        }
        design.cutoff[axis] = static_cast<double>(size) / fullWidth(psf[axis]);
        gain += magnitudeAt(magnitudes[axis], design.cutoff[axis]);
        ++axes;
    }
    // Both filters are set by what the OTF leaves at the resolution limit.
    gain = std::max(kLeastGain, axes > 0 ? gain / axes : 1.0);
    const double wiener = gain / (gain * gain + gain);
    design.filter.alpha = static_cast<float>(gain);
    design.filter.epsilon2 = static_cast<float>(std::max(0.0, wiener * wiener / (gain * gain) - 1));
    return design;
}

} // namespace lazulite::compute
