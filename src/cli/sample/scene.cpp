#include "scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lazulite::cli::sample {
namespace {

constexpr double kReach = 4.5; ///< standard deviations after which a Gaussian is nothing

double radians(double degrees) {
    return degrees * std::numbers::pi / 180.0;
}

struct Window {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// The pixels whose centres lie within `reach` of `centre` (in pixels), inside [0, size).
Window window(double centre, double reach, std::int64_t size) {
    const double first = std::clamp(std::ceil(centre - reach), 0.0, static_cast<double>(size));
    const double last = std::clamp(std::floor(centre + reach) + 1.0, 0.0, static_cast<double>(size));
    return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(std::max(first, last))};
}

double gaussian(double distance, double sigma) {
    return std::exp(-0.5 * (distance / sigma) * (distance / sigma));
}

struct Plane {
    const Optics& optics;
    std::int64_t rows;
    std::int64_t columns;
    double z;      ///< um
    double xStart; ///< um: where column 0 lies
    std::span<float> pixels;
};

void drawSpot(const Spot& spot, const PointSpread& spread, const Plane& plane, std::vector<double>& profile) {
    const double depth = spot.centre.z - plane.z;
    if (std::abs(depth) > kReach * spread.axial) return;
    const double pixel = plane.optics.pixel;
    const double peak = spot.peak * gaussian(depth, spread.axial);
    const double reach = kReach * spread.lateral / pixel;
    const double row = spot.centre.y / pixel;
    const double column = (spot.centre.x - plane.xStart) / pixel;
    const Window rows = window(row, reach, plane.rows);
    const Window columns = window(column, reach, plane.columns);
    profile.clear();
    for (std::int64_t x = columns.begin; x < columns.end; ++x) {
        profile.push_back(gaussian((static_cast<double>(x) - column) * pixel, spread.lateral));
    }
    for (std::int64_t y = rows.begin; y < rows.end; ++y) {
        const double weight = peak * gaussian((static_cast<double>(y) - row) * pixel, spread.lateral);
        float* const line = plane.pixels.data() + y * plane.columns + columns.begin;
        for (std::size_t i = 0; i < profile.size(); ++i) line[i] += static_cast<float>(weight * profile[i]);
    }
}

void drawBall(const Ball& ball, const PointSpread& spread, const Plane& plane) {
    constexpr double kWallThickness = 0.15; // um: a membrane and its folds
    const double depth = plane.z - ball.centre.z;
    const double margin = kReach * std::hypot(spread.axial, kWallThickness);
    const double extent = ball.radius + margin;
    if (std::abs(depth) > extent) return;
    const double pixel = plane.optics.pixel;
    const double reach = std::sqrt(extent * extent - depth * depth) / pixel;
    const double row = ball.centre.y / pixel;
    const double column = (ball.centre.x - plane.xStart) / pixel;
    const Window rows = window(row, reach, plane.rows);
    const Window columns = window(column, reach, plane.columns);
    for (std::int64_t y = rows.begin; y < rows.end; ++y) {
        const double dy = (static_cast<double>(y) - row) * pixel;
        float* const line = plane.pixels.data() + y * plane.columns;
        for (std::int64_t x = columns.begin; x < columns.end; ++x) {
            const double dx = (static_cast<double>(x) - column) * pixel;
            const double radius = std::sqrt(dx * dx + dy * dy + depth * depth);
            const double fromWall = radius - ball.radius;
            if (fromWall > margin) continue;
            // Near the wall it looks flat, so blurring by the point spread is a Gaussian along the wall's normal.
            const double upright = radius > 0 ? depth / radius : 1.0;
            const double variance = spread.lateral * spread.lateral * (1 - upright * upright) +
                                    spread.axial * spread.axial * upright * upright + kWallThickness * kWallThickness;
            const double sigma = std::sqrt(variance);
            double light = 0;
            if (ball.wall > 0 && std::abs(fromWall) < kReach * sigma) {
                light += ball.wall * (kWallThickness / sigma) * gaussian(fromWall, sigma);
            }
            if (ball.inside > 0) {
                double inside =
                    fromWall < -kReach * sigma ? 1.0 : 0.5 * std::erfc(fromWall / (sigma * std::numbers::sqrt2));
                if (ball.texture > 0) {
                    const double pattern = std::cos(2.9 * dx + 1.3 * dy) * std::cos(2.3 * dy - 1.7 * depth) +
                                           0.6 * std::cos(4.1 * dx - 2.2 * depth + 0.9);
                    inside *= std::max(0.0, 1.0 + ball.texture * pattern);
                }
                light += ball.inside * inside;
            }
            line[x] += static_cast<float>(light);
        }
    }
}

} // namespace

double Optics::planeDepth() const {
    return stageStep * std::sin(radians(angleDegrees));
}
double Optics::planeShift() const {
    return stageStep * std::cos(radians(angleDegrees));
}

Point Optics::toReal(double plane, double row, double column) const {
    return {column * pixel + plane * planeShift(), row * pixel, plane * planeDepth()};
}

std::array<double, 3> Optics::toRaw(const Point& point) const {
    const double plane = point.z / planeDepth();
    return {plane, point.y / pixel, (point.x - plane * planeShift()) / pixel};
}

void drawPlane(const Scene& scene, const Optics& optics, std::int64_t plane, std::int64_t rows, std::int64_t columns,
               std::span<float> pixels) {
    std::fill(pixels.begin(), pixels.end(), static_cast<float>(scene.background));
    const auto number = static_cast<double>(plane);
    const Plane target{optics, rows, columns, number * optics.planeDepth(), number * optics.planeShift(), pixels};
    for (const Ball& ball : scene.balls) drawBall(ball, scene.spread, target);
    std::vector<double> profile;
    for (const Spot& spot : scene.spots) drawSpot(spot, scene.spread, target, profile);
}

} // namespace lazulite::cli::sample
