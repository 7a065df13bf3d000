#include "recording.h"

#include <tbb/blocked_range.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lazulite::cli::sample {
namespace {

constexpr double kSwayPeriod = 24; ///< timepoints
constexpr int kAttempts = 200;     ///< to find a free place

double distance(const Point& a, const Point& b) {
    return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

Point operator+(const Point& a, const Point& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}

double length(const Point& point) {
    return std::hypot(point.x, point.y, point.z);
}

/// A place in the raw stack, `margin` um from its faces.
Point placeIn(const RecordingOptions& options, const Optics& optics, double margin, Random& random) {
    const auto along = [&](std::int64_t size, double step) {
        const double last = static_cast<double>(size - 1);
        const double inset = std::min(margin / step, 0.45 * last);
        return random.uniform(inset, last - inset);
    };
    const double plane = along(options.size[0], optics.planeDepth());
    const double row = along(options.size[1], optics.pixel);
    const double column = along(options.size[2], optics.pixel);
    return optics.toReal(plane, row, column);
}

} // namespace

Point Cell::centreAt(std::int64_t timepoint) const {
    const double turn = 2 * std::numbers::pi / kSwayPeriod * static_cast<double>(timepoint);
    const double away = std::sin(turn + phase) - std::sin(phase);
    const double aside = std::cos(turn + phase) - std::cos(phase);
    return {home.x + sway.x * away, home.y + sway.y * aside, home.z + sway.z * away};
}

Recording::Recording(const RecordingOptions& options) : options_(options) {
    Random random(options.seed);
    placeCells(random);
    placeBeads(random);
}

double Recording::volumeShare() const {
    const RecordingOptions usual;
    double share = 1;
    for (std::size_t i = 0; i < usual.size.size(); ++i) {
        share *= static_cast<double>(options_.size[i]) / static_cast<double>(usual.size[i]);
    }
    return share;
}

void Recording::placeCells(Random& random) {
    constexpr double kUsualCount = 7;
    constexpr double kMost = 500;
    const double thinnest = std::min({static_cast<double>(options_.size[0]) * optics_.planeDepth(),
                                      static_cast<double>(options_.size[1]) * optics_.pixel,
                                      static_cast<double>(options_.size[2]) * optics_.pixel});
    const int wanted = static_cast<int>(std::clamp(std::round(kUsualCount * volumeShare()), 1.0, kMost));
    for (int attempt = 0; attempt < kAttempts * wanted && static_cast<int>(cells_.size()) < wanted; ++attempt) {
        Cell cell;
        cell.radius = std::min(random.uniform(3.0, 4.6), 0.36 * thinnest);
        cell.nucleus = cell.radius * random.uniform(0.42, 0.55);
        cell.home = placeIn(options_, optics_, cell.radius + 0.3, random);
        cell.sway = {random.uniform(-0.7, 0.7), random.uniform(-0.7, 0.7), random.uniform(-0.25, 0.25)};
        cell.phase = random.uniform(0, 2 * std::numbers::pi);
        cell.brightness = random.uniform(0.7, 1.3);
        const bool free = std::all_of(cells_.begin(), cells_.end(), [&](const Cell& other) {
            return distance(cell.home, other.home) > cell.radius + other.radius + 0.8;
        });
        if (!free) continue;
        const int vesicles = static_cast<int>(random.uniform(14, 26));
        for (int i = 0; i < vesicles; ++i) {
            Cell::Vesicle vesicle;
            random.direction(vesicle.place.x, vesicle.place.y, vesicle.place.z);
            const double radius = random.uniform(cell.nucleus + 0.3, std::max(cell.radius - 0.4, cell.nucleus + 0.4));
            vesicle.place = {vesicle.place.x * radius, vesicle.place.y * radius, vesicle.place.z * radius};
            vesicle.turn = random.uniform(-0.12, 0.12);
            vesicle.peak = random.uniform(120, 360);
            vesicle.green = random.uniform(0, 1) < 0.3;
            cell.vesicles.push_back(vesicle);
        }
        cells_.push_back(std::move(cell));
    }
}

void Recording::placeBeads(Random& random) {
    constexpr double kUsualCount = 14;
    constexpr double kLeast = 3;
    constexpr double kMost = 2000;
    constexpr double kApart = 3.0;     // um between beads
    constexpr double kFromFaces = 1.9; // um: the whole image of a bead lies inside
    constexpr double kFromCells = 2.0; // um, beside what cells move
    const int wanted = static_cast<int>(std::clamp(std::round(kUsualCount * volumeShare()), kLeast, kMost));
    for (int attempt = 0; attempt < kAttempts * wanted && static_cast<int>(beads_.size()) < wanted; ++attempt) {
        const Point place = placeIn(options_, optics_, kFromFaces, random);
        const bool free =
            std::all_of(cells_.begin(), cells_.end(),
                        [&](const Cell& cell) {
                            return distance(place, cell.home) > cell.radius + 2 * length(cell.sway) + kFromCells;
                        }) &&
            std::all_of(beads_.begin(), beads_.end(),
                        [&](const Bead& other) { return distance(place, other.centre) > kApart; });
        const double peak = random.uniform(500, 1200);
        if (free) beads_.push_back({place, {peak, 0.8 * peak}});
    }
}

Scene Recording::sceneAt(std::int64_t timepoint, std::size_t channel) const {
    constexpr std::array<double, kChannels> kBleaching{90, 140}; // timepoints to 1/e
    constexpr double kWall = 90;
    constexpr double kCytoplasm = 9;
    constexpr double kNucleus = 55;
    constexpr double kTexture = 0.3;
    Scene scene;
    scene.spread = optics_.spread[channel];
    for (const Bead& bead : beads_) scene.spots.push_back({bead.centre, bead.peak[channel]});
    const auto time = static_cast<double>(timepoint);
    for (const Cell& cell : cells_) {
        const Point centre = cell.centreAt(timepoint);
        const double light = cell.brightness * std::exp(-time / kBleaching[channel]);
        if (channel == 0) {
            scene.balls.push_back({centre, cell.radius, kWall * light, kCytoplasm * light, 0});
        } else {
            scene.balls.push_back({centre, cell.nucleus, 0, kNucleus * light, kTexture});
        }
        for (const Cell::Vesicle& vesicle : cell.vesicles) {
            if (vesicle.green != (channel == 0)) continue;
            const double angle = vesicle.turn * time;
            const Point& place = vesicle.place;
            const Point turned{place.x * std::cos(angle) - place.z * std::sin(angle), place.y,
                               place.x * std::sin(angle) + place.z * std::cos(angle)};
            scene.spots.push_back({centre + turned, vesicle.peak * light});
        }
    }
    return scene;
}

void Recording::expose(std::int64_t timepoint, std::size_t channel, std::span<std::uint16_t> stack) const {
    const Scene scene = sceneAt(timepoint, channel);
    const std::int64_t planes = options_.size[0];
    const std::int64_t rows = options_.size[1];
    const std::int64_t columns = options_.size[2];
    const std::int64_t pixels = rows * columns;
    const std::uint64_t stackKey =
        mixed(mixed(options_.seed) + static_cast<std::uint64_t>(timepoint) * kChannels + channel);
    const int cores = tbb::info::default_concurrency();
    tbb::task_arena arena(options_.threads > 0 ? std::min(options_.threads, cores) : cores);
    arena.execute([&] {
        tbb::parallel_for(tbb::blocked_range<std::int64_t>(0, planes),
                          [&](const tbb::blocked_range<std::int64_t>& range) {
                              std::vector<float> electrons(static_cast<std::size_t>(pixels));
                              for (std::int64_t plane = range.begin(); plane < range.end(); ++plane) {
                                  drawPlane(scene, optics_, plane, rows, columns, electrons);
                                  camera_.expose(electrons.data(), stack.data() + plane * pixels, pixels,
                                                 mixed(stackKey + static_cast<std::uint64_t>(plane)));
                              }
                          });
    });
}

std::vector<std::uint16_t> Recording::pointSpread(std::size_t channel) const {
    constexpr double kPeak = 12000; // electrons: many beads averaged
    const auto [planes, rows, columns] = kPsfSize;
    Optics upright = optics_; // not scanned by the stage: planes lie straight above each other
    upright.angleDegrees = 90;
    upright.stageStep = kPsfVoxel;
    upright.pixel = kPsfVoxel;
    Scene scene;
    scene.background = 0;
    scene.spread = optics_.spread[channel];
    const Point middle{static_cast<double>(columns / 2) * kPsfVoxel, static_cast<double>(rows / 2) * kPsfVoxel,
                       static_cast<double>(planes / 2) * kPsfVoxel};
    scene.spots.push_back({middle, kPeak});
    const std::int64_t pixels = rows * columns;
    std::vector<float> electrons(static_cast<std::size_t>(pixels));
    std::vector<std::uint16_t> stack(static_cast<std::size_t>(planes * pixels));
    const std::uint64_t key = mixed(~options_.seed + channel);
    for (std::int64_t plane = 0; plane < planes; ++plane) {
        drawPlane(scene, upright, plane, rows, columns, electrons);
        camera_.expose(electrons.data(), stack.data() + plane * pixels, pixels,
                       mixed(key + static_cast<std::uint64_t>(plane)));
    }
    return stack;
}

} // namespace lazulite::cli::sample
