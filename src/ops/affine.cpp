#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <variant>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/needs.h"
#include "lazulite/core/error.h"
#include "lazulite/ops/geometry.h"
#include "spatial.h"
#include "view_helpers.h"
#include "voxel_size.h"

namespace lazulite::ops {

namespace {

constexpr std::array<const char*, 3> kSpace{"z", "y", "x"};

using Matrix = std::array<std::array<double, 4>, 3>;
using Vector = std::array<double, 3>;
using Transform = std::variant<compute::AffineLinear, compute::AffineNearest, compute::Shift>;

/// Removes what rounding left of whole numbers: a shift by 0.3 um in voxels of 0.1 um is one by 3 voxels.
double snapped(double value) {
    constexpr double kRounding = 1e-9;
    const double whole = std::round(value);
    return std::abs(value - whole) < kRounding ? whole : value;
}

/// Whether voxels keep their order and come to lie somewhere near.
bool onlyShifts(const compute::Affine& affine) {
    constexpr double kNear = 1e9; // voxels
    for (std::size_t i = 0; i < 3; ++i) {
        if (std::abs(affine.matrix[i][3]) > kNear) return false;
        for (std::size_t j = 0; j < 3; ++j) {
            if (affine.matrix[i][j] != (i == j ? 1 : 0)) return false;
        }
    }
    return true;
}

bool isWhole(const compute::Affine& affine) {
    return std::all_of(std::begin(affine.matrix), std::end(affine.matrix), [](const double(&row)[4]) {
        return std::all_of(std::begin(row), std::end(row), [](double value) { return value == std::round(value); });
    });
}

/// Voxels of known size, among which an array's content is moved about.
class Grid {
public:
    Grid(const LazyArray& array, std::string step) : step_(std::move(step)) {
        for (std::size_t i = 0; i < 3; ++i) {
            const auto axis = findAxis(array.axes(), kSpace[i]);
            if (!axis) continue;
            present_[i] = true;
            size_[i] = array.axes()[*axis].size;
            spacing_[i] = spacingOf(array, kSpace[i], step_);
        }
    }

    /// Where voxel 0's centre is 0, in um.
    Vector centre() const {
        Vector middle{};
        for (std::size_t i = 0; i < 3; ++i) middle[i] = 0.5 * static_cast<double>(size_[i] - 1) * spacing_[i];
        return middle;
    }

    /// A pull matrix in um as a kernel. Where every voxel falls on another one it is moved as it is.
    Transform transform(const Matrix& matrix, Interpolation interpolation, double outside) const {
        compute::Affine affine;
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                affine.matrix[i][j] = snapped(matrix[i][j] * (spacing_[j] / spacing_[i]));
            }
            affine.matrix[i][3] = snapped(matrix[i][3] / spacing_[i]);
            affine.size[i] = size_[i];
        }
        affine.width = size_[2];
        affine.outside = outside;
        const double* depth = affine.matrix[0];
        if (!present_[0] && (depth[0] != 1 || depth[1] != 0 || depth[2] != 0 || depth[3] != 0)) {
            throw Failure(fmt::format("{}: the transform leaves the plane, but the data have no axis z", step_));
        }
        if (interpolation == Interpolation::Nearest || isWhole(affine)) return compute::AffineNearest{affine};
        if (!onlyShifts(affine)) return compute::AffineLinear{affine};
        compute::Shift shift;
        for (std::size_t i = 0; i < 3; ++i) {
            shift.offset[i] = affine.matrix[i][3];
            shift.size[i] = affine.size[i];
        }
        shift.outside = outside;
        return shift;
    }

    /// The matrix that moves the content by a shift in um.
    static Matrix shift(const Vector& by) {
        Matrix matrix = AffineOptions().matrix;
        for (std::size_t i = 0; i < 3; ++i) matrix[i][3] = -by[i];
        return matrix;
    }

private:
    std::string step_;
    std::array<bool, 3> present_{};
    std::array<std::int64_t, 3> size_{1, 1, 1};
    Vector spacing_{1, 1, 1};
};

Region neededBy(const Transform& transform, const Region& out) {
    return std::visit([&](const auto& kernel) { return compute::neededBy(kernel, out); }, transform);
}

Result<void> run(const Transform& transform, const Block& in, const Destination& out, const compute::Context& context) {
    return std::visit(
        [&](const auto& kernel) {
            return compute::activeBackend()->run(kernel, {&in, 1}, out, context);
        },
        transform);
}

std::string text(const compute::Affine& affine, const char* interpolation) {
    std::string matrix;
    for (const auto& row : affine.matrix) matrix += fmt::format("{} {} {} {} ", row[0], row[1], row[2], row[3]);
    return fmt::format("{} {}outside={}", interpolation, matrix, affine.outside);
}

std::string text(const Transform& transform) {
    if (const auto* shift = std::get_if<compute::Shift>(&transform)) {
        return fmt::format("shift {} {} {} outside={}", shift->offset[0], shift->offset[1], shift->offset[2],
                           shift->outside);
    }
    if (const auto* nearest = std::get_if<compute::AffineNearest>(&transform)) return text(*nearest, "nearest");
    return text(std::get<compute::AffineLinear>(transform), "linear");
}

void clearLabels(std::array<Axis, 3>& axes) {
    for (Axis& axis : axes) axis.labels.clear();
}

class AffineOperation final : public SpatialOperation {
public:
    AffineOperation(const LazyArray& array, Transform transform)
        : SpatialOperation(array, "affine", false), transform_(std::move(transform)) {}

    std::string name() const override { return "affine"; }
    std::string parameters() const override { return text(transform_); }

protected:
    void describeVolume(Description& result) const override { clearLabels(result.axes); }
    Region requiredVolume(const Region& out) const override { return neededBy(transform_, out); }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place&) const override {
        return run(transform_, in, out, context);
    }

private:
    Transform transform_;
};

class ShiftByTime final : public SpatialOperation {
public:
    /// `time`: which of the axes other than z, y, x it is.
    ShiftByTime(const LazyArray& array, std::vector<Transform> transforms, std::size_t time)
        : SpatialOperation(array, "drift", false), transforms_(std::move(transforms)), time_(time) {}

    std::string name() const override { return "drift"; }
    std::string parameters() const override {
        std::string all;
        for (const Transform& transform : transforms_) all += text(transform) + ";";
        return all;
    }

protected:
    void describeVolume(Description& result) const override { clearLabels(result.axes); }
    Region requiredVolume(const Region& out) const override { return out; }
    Region requiredVolumes(const Region& out, std::span<const Interval> outer) const override {
        Region all(std::vector<Interval>(3));
        for (std::int64_t t = outer[time_].begin; t < outer[time_].end; ++t) {
            const Region one = neededBy(transforms_[static_cast<std::size_t>(t)], out);
            if (one.empty()) continue;
            for (std::size_t i = 0; i < 3; ++i) {
                all[i] = all[i].empty()
                             ? one[i]
                             : Interval{std::min(all[i].begin, one[i].begin), std::max(all[i].end, one[i].end)};
            }
        }
        return all;
    }
    Result<void> computeVolume(const Block& in, const Destination& out, const compute::Context& context,
                               const Place& place) const override {
        return run(transforms_[static_cast<std::size_t>(place.outer[time_])], in, out, context);
    }

private:
    std::vector<Transform> transforms_;
    std::size_t time_;
};

Matrix product(const Matrix& a, const Matrix& b) {
    Matrix result{};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            for (std::size_t k = 0; k < 3; ++k) result[i][j] += a[i][k] * b[k][j];
        }
        result[i][3] += a[i][3];
    }
    return result;
}

/// Turns axis `from` towards axis `to`.
Matrix turn(std::size_t from, std::size_t to, double degrees) {
    const double angle = degrees * std::numbers::pi / 180;
    Matrix matrix = AffineOptions().matrix;
    matrix[from][from] = std::cos(angle);
    matrix[to][to] = std::cos(angle);
    matrix[to][from] = std::sin(angle);
    matrix[from][to] = -std::sin(angle);
    return matrix;
}

void checkNumbers(std::span<const double> numbers, const std::string& step) {
    if (std::all_of(numbers.begin(), numbers.end(), [](double value) { return std::isfinite(value); })) return;
    throw Failure(fmt::format("{}: every number of the transform must be finite", step));
}

} // namespace

AffineOptions affineFrom(const LazyArray& array, const std::array<double, 3>& translation,
                         const std::array<double, 3>& degrees, const std::array<double, 3>& scale) {
    for (const double factor : scale) {
        if (factor > 0 && std::isfinite(factor)) continue;
        throw Failure(fmt::format("affine: a scale of {} makes no sense; it must be above 0", factor));
    }
    const Vector centre = Grid(array, "affine").centre();
    // Back from the result: translation, centre, the turns in reverse, scale, centre.
    Vector away{};
    Matrix shrink = AffineOptions().matrix;
    for (std::size_t i = 0; i < 3; ++i) {
        away[i] = translation[i] + centre[i];
        shrink[i][i] = 1 / scale[i];
    }
    Matrix matrix = Grid::shift(away);
    matrix = product(turn(2, 1, -degrees[0]), matrix); // about z: x towards y
    matrix = product(turn(0, 2, -degrees[1]), matrix); // about y: z towards x
    matrix = product(turn(1, 0, -degrees[2]), matrix); // about x: y towards z
    matrix = product(shrink, matrix);
    AffineOptions options;
    options.matrix = product(Grid::shift({-centre[0], -centre[1], -centre[2]}), matrix);
    return options;
}

LazyArray affine(const LazyArray& array, const AffineOptions& options) {
    for (const auto& row : options.matrix) checkNumbers(row, "affine");
    const Grid grid(array, "affine");
    return LazyArray::fromOperation(std::make_shared<AffineOperation>(
                                        array, grid.transform(options.matrix, options.interpolation, options.outside)),
                                    {array});
}

LazyArray shiftByTime(const LazyArray& array, const std::vector<std::array<double, 3>>& shifts,
                      Interpolation interpolation) {
    const std::size_t axis = axisIndex(array, "t");
    const std::int64_t timepoints = array.axes()[axis].size;
    if (static_cast<std::int64_t>(shifts.size()) != timepoints) {
        throw Failure(
            fmt::format("drift: there are {} shifts for {} timepoints; give one for each", shifts.size(), timepoints));
    }
    const Grid grid(array, "drift");
    std::vector<Transform> transforms;
    for (const auto& shift : shifts) {
        checkNumbers(shift, "drift");
        transforms.push_back(grid.transform(Grid::shift(shift), interpolation, 0));
    }
    std::size_t time = 0;
    for (std::size_t i = 0; i < axis; ++i) {
        const std::string& name = array.axes()[i].name;
        if (std::find(kSpace.begin(), kSpace.end(), name) == kSpace.end()) ++time;
    }
    return LazyArray::fromOperation(std::make_shared<ShiftByTime>(array, std::move(transforms), time), {array});
}

} // namespace lazulite::ops
