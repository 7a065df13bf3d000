#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lazulite/graph/executor.h"
#include "lazulite/ops/geometry.h"
#include "sample/recording.h"
#include "support/blocks.h"

namespace lazulite::cli::sample {
namespace {

using Place = std::array<double, 3>; ///< z, y, x in voxels

/// Beads of a recording, before and after steps that undo the scan's geometry.
class Beads : public ::testing::Test {
protected:
    static constexpr RecordingOptions kOptions{.size = {48, 120, 160}, .timepoints = 1, .seed = 5};

    graph::LazyArray raw() const {
        const auto [planes, rows, columns] = kOptions.size;
        const auto pixels =
            std::make_shared<std::vector<std::uint16_t>>(static_cast<std::size_t>(planes * rows * columns));
        recording_.expose(0, 0, *pixels);
        const Block stack(std::shared_ptr<const std::byte>(pixels, reinterpret_cast<const std::byte*>(pixels->data())),
                          DType::UInt16, Region::whole({planes, rows, columns}));
        const Optics& optics = recording_.optics();
        return graph::LazyArray::fromSource(
            std::make_shared<testing::BlockSource>(Axes{{"z", planes, optics.stageStep, "um", {}},
                                                        {"y", rows, optics.pixel, "um", {}},
                                                        {"x", columns, optics.pixel, "um", {}}},
                                                   stack));
    }

    /// Distances of a real place from the scan's centre in voxels: {across, up} of ops/geometry.h.
    std::array<double, 2> fromCentre(const Point& point) const {
        const Optics& optics = recording_.optics();
        const auto planes = static_cast<double>(kOptions.size[0]);
        return {(point.x - planes * optics.planeShift() / 2) / optics.pixel - static_cast<double>(kOptions.size[2]) / 2,
                (point.z - planes * optics.planeDepth() / 2) / optics.pixel};
    }

    Block computed(const graph::LazyArray& array) {
        graph::Executor executor({.memoryLimit = 512U << 20U, .threads = 2});
        return executor.run({.array = array, .region = Region::whole(array.shape())}).block.value();
    }

    /// The middle of the light around a place.
    static Place centreOfLight(const Block& block, const Place& about, double background) {
        constexpr std::int64_t kReach = 7;
        constexpr double kNoise = 25;
        std::array<Interval, 3> box;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto middle = std::llround(about[i]);
            box[i] = {std::max<std::int64_t>(middle - kReach, 0),
                      std::min<std::int64_t>(middle + kReach + 1, block.region()[i].end)};
        }
        Place centre{};
        double sum = 0;
        testing::forEachPosition(Region({box[0], box[1], box[2]}), [&](const std::vector<std::int64_t>& at) {
            const double light = std::max(0.0, block.valueAt(at) - background - kNoise);
            sum += light;
            for (std::size_t i = 0; i < 3; ++i) centre[i] += light * static_cast<double>(at[i]);
        });
        EXPECT_GT(sum, 1000);
        for (double& along : centre) along /= sum;
        return centre;
    }

    /// Checks every bead that lies well inside.
    void expectBeads(const Block& block, const std::function<Place(const Point&)>& placeOf) const {
        const double background =
            recording_.camera().offset + recording_.camera().gain * recording_.sceneAt(0, 0).background;
        int seen = 0;
        for (const Bead& bead : recording_.beads()) {
            const Place expected = placeOf(bead.centre);
            bool inside = true;
            for (std::size_t i = 0; i < 3; ++i) {
                inside &= expected[i] > 4 && expected[i] < static_cast<double>(block.region()[i].end) - 5;
            }
            if (!inside) continue;
            ++seen;
            const Place found = centreOfLight(block, expected, background);
            for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found[i], expected[i], 0.5) << "axis " << i;
        }
        EXPECT_GE(seen, 3);
    }

    Recording recording_{kOptions};
};

TEST_F(Beads, LieWhereTheyWerePlacedAfterDeskew) {
    const graph::LazyArray array = ops::deskew(raw(), {.pad = std::nullopt});
    const double width = static_cast<double>(array.shape()[2]);
    expectBeads(computed(array), [&](const Point& point) {
        return Place{point.z / recording_.optics().planeDepth(), point.y / recording_.optics().pixel,
                     fromCentre(point)[0] + width / 2};
    });
}

TEST_F(Beads, LieWhereTheyWerePlacedAfterDeskewAndRotation) {
    const ops::DeskewOptions options{.pad = std::nullopt};
    const double angle = options.angle * std::numbers::pi / 180;
    const graph::LazyArray once = ops::deskewRotate(raw(), options);
    const graph::LazyArray twice = ops::rotate(ops::deskew(raw(), options), options.angle);
    for (const graph::LazyArray& array : {once, twice}) {
        const double height = static_cast<double>(array.shape()[0]);
        const double width = static_cast<double>(array.shape()[2]);
        expectBeads(computed(array), [&](const Point& point) {
            const auto [across, up] = fromCentre(point);
            return Place{height / 2 - 1 + std::sin(angle) * across - std::cos(angle) * up,
                         point.y / recording_.optics().pixel,
                         std::cos(angle) * across + std::sin(angle) * up + width / 2};
        });
    }
}

} // namespace
} // namespace lazulite::cli::sample
