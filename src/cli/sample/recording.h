#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "noise.h"
#include "scene.h"

namespace lazulite::cli::sample {

struct RecordingOptions {
    std::array<std::int64_t, 3> size{64, 256, 280}; ///< z, y, x of a raw stack
    std::int64_t timepoints = 10;
    std::uint64_t seed = 1;
    double interval = 2.5; ///< s between timepoints
    int threads = 0;       ///< of oneTBB; 0: as many as there are
};

/// A bead: it glows in both channels and does not move.
struct Bead {
    Point centre;
    std::array<double, kChannels> peak{}; ///< electrons
};

/// A living cell: a ball with a membrane, a nucleus and vesicles, which wanders about its place.
struct Cell {
    struct Vesicle {
        Point place;     ///< from the cell's middle
        double turn = 0; ///< radians a timepoint about the y axis
        double peak = 0;
        bool green = false; ///< seen in channel 0, else in channel 1
    };

    Point home;
    Point sway;       ///< how far it goes, um
    double phase = 0; ///< radians
    double radius = 4;
    double nucleus = 2; ///< radius, um
    double brightness = 1;
    std::vector<Vesicle> vesicles;

    Point centreAt(std::int64_t timepoint) const;
};

/// A synthetic recording. Everything follows from the options; nothing depends on the number of threads.
class Recording {
public:
    explicit Recording(const RecordingOptions& options);

    const RecordingOptions& options() const { return options_; }
    const Optics& optics() const { return optics_; }
    const Camera& camera() const { return camera_; }
    const std::vector<Bead>& beads() const { return beads_; }
    const std::vector<Cell>& cells() const { return cells_; }

    Scene sceneAt(std::int64_t timepoint, std::size_t channel) const;

    /// The raw stack of one timepoint and channel, (z, y, x) densely packed, computed on all cores.
    void expose(std::int64_t timepoint, std::size_t channel, std::span<std::uint16_t> stack) const;

    /// The image of one bead in orthogonal voxels of kPsfVoxel um, (z, y, x) of kPsfSize; the middle voxel is the peak.
    std::vector<std::uint16_t> pointSpread(std::size_t channel) const;

    static constexpr std::array<std::int64_t, 3> kPsfSize{61, 96, 96};
    static constexpr double kPsfVoxel = 0.1;

private:
    void placeCells(Random& random);
    void placeBeads(Random& random);
    double volumeShare() const; ///< of the usual stack's volume

    RecordingOptions options_;
    Optics optics_;
    Camera camera_;
    std::vector<Bead> beads_;
    std::vector<Cell> cells_;
};

} // namespace lazulite::cli::sample
