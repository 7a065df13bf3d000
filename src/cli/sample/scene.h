#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "noise.h"

/// What lies under the microscope, in real space. Coordinates in um: x along the camera's rows, y along its columns, z
/// along the detection objective. A stage-scanned stack sees plane k at z = k dz sin(angle), with its columns starting
/// at x = k dz cos(angle): objects that are round here look sheared in the raw stack.
namespace lazulite::cli::sample {

constexpr std::size_t kChannels = 2;

struct Point {
    double x = 0;
    double y = 0;
    double z = 0;
};

/// The standard deviations in um of a point's image, a Gaussian.
struct PointSpread {
    double lateral = 0.1;
    double axial = 0.3;
};

struct Optics {
    double pixel = 0.104;                            ///< um
    double stageStep = 0.4;                          ///< um along the stage
    double angleDegrees = 31.5;                      ///< between the stage and the light sheet
    std::array<int, kChannels> excitation{488, 560}; ///< nm
    std::array<PointSpread, kChannels> spread{
        {{0.100, 0.30}, {0.116, 0.34}}}; ///< 0.21 x emission / NA 1.1; axially the sheet's

    double planeDepth() const; ///< um along z between planes
    double planeShift() const; ///< um along x between planes
    Point toReal(double plane, double row, double column) const;
    /// {plane, row, column} in the raw stack, fractions included.
    std::array<double, 3> toRaw(const Point& point) const;
};

/// A point-like source: a bead, a vesicle.
struct Spot {
    Point centre{};
    double peak = 0; ///< electrons in the middle pixel
};

/// A ball that glows inside and in its wall.
struct Ball {
    Point centre{};
    double radius = 1;
    double wall = 0;    ///< electrons in the wall of a thin shell
    double inside = 0;  ///< electrons inside
    double texture = 0; ///< how uneven the inside is, 0..1
};

/// One channel at one time.
struct Scene {
    std::vector<Spot> spots{};
    std::vector<Ball> balls{};
    PointSpread spread{};
    double background = 4; ///< electrons
};

/// Draws plane `plane` of the raw stack: expected electrons, rows x columns, into `pixels`.
void drawPlane(const Scene& scene, const Optics& optics, std::int64_t plane, std::int64_t rows, std::int64_t columns,
               std::span<float> pixels);

} // namespace lazulite::cli::sample
