#include <gtest/gtest.h>

#include "planes.h"
#include "reduce.h"
#include "scripted_source.h"
#include "volume_plan.h"

namespace lazulite::view {
namespace {

using testing::blockOf;
using testing::ScriptedSource;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

VolumeTarget targetOf(const Axes& axes, DType dtype = DType::UInt16, int textureLimit = 2048) {
    const auto source = std::make_shared<ScriptedSource>(axes, dtype, [](const auto&) { return 0.0; });
    const ViewState state = ViewState::startFor(axes);
    PlaneTarget plane{graph::LazyArray::fromSource(source), {}, state.position, state.order, {}, {}};
    plane.visible.assign(state.channels.size(), true);
    return VolumeTarget::of(plane, textureLimit);
}

Axes box(std::int64_t z, std::int64_t y, std::int64_t x, std::int64_t c = 1) {
    return {{"c", c, 1, "", {}}, {"z", z, 0.5, "um", {}}, {"y", y, 0.1, "um", {}}, {"x", x, 0.1, "um", {}}};
}

TEST(VolumePlan, LeavesWhatFitsAsItIs) {
    const VolumePlan plan = planVolume(targetOf(box(10, 20, 30)), kGiB);
    EXPECT_EQ(plan.full.size, (Triple{30, 20, 10}));
    EXPECT_EQ(plan.full.spacing, (std::array<double, 3>{0.1, 0.1, 0.5}));
    EXPECT_EQ(plan.slow, 2U);
    EXPECT_FALSE(plan.coarse);
    EXPECT_EQ(plan.notice, "");
}

TEST(VolumePlan, ReducesASideThatTheGraphicsCardCannotHoldAndSaysSo) {
    const VolumePlan plan = planVolume(targetOf(box(10, 20, 5000)), kGiB);
    EXPECT_EQ(plan.full.factor, (Triple{3, 1, 1}));
    EXPECT_EQ(plan.full.size, (Triple{1667, 20, 10}));
    EXPECT_NEAR(plan.full.spacing[0] * 1667, 500, 1e-9);
    EXPECT_NE(plan.notice.find("from 5000 x 20 x 10 to 1667 x 20 x 10"), std::string::npos) << plan.notice;
    EXPECT_NE(plan.notice.find("2048"), std::string::npos) << plan.notice;
}

TEST(VolumePlan, KeepsToAQuarterOfTheMemory) {
    const VolumePlan plan = planVolume(targetOf(box(400, 2000, 2000, 3)), kGiB);
    EXPECT_LE(plan.bytes(plan.full, 3), kGiB / 4);
    EXPECT_GT(plan.bytes(plan.full, 3), kGiB / 16);
    EXPECT_NE(plan.notice.find("by maximum"), std::string::npos);
    ASSERT_TRUE(plan.coarse);
    EXPECT_LE(plan.coarse->size[2], 16);
    EXPECT_LE(plan.coarse->size[0], 512);
}

TEST(VolumePlan, TakesNoMoreThanFourChannels) {
    const VolumeTarget target = targetOf(box(4, 4, 4, 6));
    EXPECT_EQ(target.channels, (std::vector<int>{0, 1, 2, 3}));
    EXPECT_EQ(planVolume(target, kGiB).notice, "the first 4 of 6 visible channels are shown");
}

TEST(VolumePlan, TurnsOtherTypesIntoFloats) {
    EXPECT_EQ(planVolume(targetOf(box(4, 4, 4), DType::UInt8), kGiB).dtype, DType::UInt8);
    EXPECT_EQ(planVolume(targetOf(box(4, 4, 4), DType::Int16), kGiB).dtype, DType::Float32);
    EXPECT_EQ(planVolume(targetOf(box(4, 4, 4), DType::Float64), kGiB).dtype, DType::Float32);
}

TEST(VolumePlan, FindsTheSlowDirectionOfRolledAxes) {
    VolumeTarget target = targetOf(box(10, 20, 30));
    std::swap(target.plane.order[1], target.plane.order[3]); // x is the depth now, z the columns
    const VolumePlan plan = planVolume(target, kGiB);
    EXPECT_EQ(plan.source, (Triple{10, 20, 30}));
    EXPECT_EQ(plan.slow, 0U);
}

TEST(VolumePlan, IsOnePlaneThickWithoutADepth) {
    const VolumePlan plan = planVolume(targetOf({{"c", 2, 1, "", {}}, {"y", 8, 1, "", {}}, {"x", 9, 1, "", {}}}), kGiB);
    EXPECT_EQ(plan.full.size, (Triple{9, 8, 1}));
}

TEST(Reduce, TakesTheMaximumOfEachBoxAlsoWhereItIsCutOff) {
    const Block block = blockOf<std::uint16_t>(DType::UInt16, {2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 30, 10, 11, 12});
    std::vector<std::uint16_t> out(2, 0);
    reduceByMaximum(block, {2, 2, 2}, reinterpret_cast<std::byte*>(out.data()), DType::UInt16, {4, 4, 2});
    EXPECT_EQ(out, (std::vector<std::uint16_t>{11, 30}));
}

TEST(Reduce, ConvertsAndInterleaves) {
    const Block block = blockOf<std::int32_t>(DType::Int32, {1, 1, 3}, {-5, 70000, 3});
    std::vector<float> out(6, 9);
    reduceByMaximum(block, {1, 1, 1}, reinterpret_cast<std::byte*>(out.data() + 1), DType::Float32, {24, 24, 8});
    EXPECT_EQ(out, (std::vector<float>{9, -5, 9, 70000, 9, 3}));
}

TEST(Reduce, FollowsStrides) {
    const Block block = blockOf<std::uint8_t>(DType::UInt8, {2, 3}, {1, 2, 3, 4, 5, 6});
    const Block turned = block.relabelled(Region::whole({1, 3, 2}), {0, 1, 3});
    std::vector<std::uint8_t> out(6, 0);
    reduceByMaximum(turned, {1, 1, 1}, reinterpret_cast<std::byte*>(out.data()), DType::UInt8, {6, 2, 1});
    EXPECT_EQ(out, (std::vector<std::uint8_t>{1, 4, 2, 5, 3, 6}));
}

} // namespace
} // namespace lazulite::view
