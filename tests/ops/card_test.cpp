#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/intensity.h"
#include "lazulite/ops/reduce.h"
#include "lazulite/ops/statistic.h"
#include "steps.h"
#include "used_backend.h"

/// Steps on a graphics card (of ordinary memory): what goes there and comes back, and what the ledger tells.
namespace lazulite::ops::testing {
namespace {

class OnCard : public Steps {
protected:
    static std::shared_ptr<FakeDevice> card(std::uint64_t bytes = 64U << 20U) {
        return std::make_shared<FakeDevice>(bytes);
    }
    static std::shared_ptr<compute::Backend> backendOf(const std::shared_ptr<FakeDevice>& device) {
        return lazulite::testing::backendOf({device});
    }
    ~OnCard() override { executor_.clearCache(); } // blocks may be on a card

    LazyArray raw_ = LazyArray::fromSource(source("tczyx", {2, 2, 6, 9, 20}));
    LazyArray deskewed_ = deskew(raw_, {.angle = 35});
    LazyArray smooth_ = gaussian(deskewed_, {0.6, 1, 1});
    LazyArray brighter_ = rescale(crop(smooth_, "y", 2, 7), {.gain = 3, .offset = 1});
};

std::uint64_t bytesOf(const LazyArray& array, const Region& region) {
    return static_cast<std::uint64_t>(region.elementCount()) * bytesPer(array.dtype());
}

TEST_F(OnCard, AChainOfStepsTakesOneUploadAndOneDownloadAVolume) {
    const Region volume = part(brighter_, {{"t", {1, 2}}, {"c", {0, 1}}});
    const Block expected = values(brighter_, volume);
    executor_.clearCache();
    const auto device = card();
    const UsedBackend used(backendOf(device));
    expectEqual(values(brighter_, volume), expected, volume);
    EXPECT_EQ(device->bytesUploaded, bytesOf(raw_, part(raw_, {{"t", {1, 2}}, {"c", {0, 1}}})));
    EXPECT_EQ(device->bytesDownloaded, bytesOf(brighter_, volume));
    EXPECT_EQ(device->kernels, 1 + 3 + 1);
    executor_.clearCache();
}

TEST_F(OnCard, AnEditFindsWhatLiesBeforeItOnTheCard) {
    const auto device = card();
    const UsedBackend used(backendOf(device));
    const Region volume = part(brighter_, {{"t", {0, 1}}, {"c", {1, 2}}});
    values(brighter_, volume);
    const std::uint64_t uploaded = device->bytesUploaded;
    const LazyArray other = rescale(crop(smooth_, "y", 2, 7), {.gain = 5});
    const Block result = values(other, volume);
    EXPECT_EQ(device->bytesUploaded, uploaded);
    EXPECT_EQ(device->kernels, 5 + 1);
    executor_.clearCache();
    compute::setActiveBackend(compute::cpuBackend());
    expectEqual(result, values(other, volume), volume);
}

TEST_F(OnCard, VolumesAreGatheredFromWhereTheyAre) {
    const Region whole = Region::whole(brighter_.shape());
    const Block expected = values(brighter_);
    executor_.clearCache();
    const auto device = card();
    const UsedBackend used(backendOf(device));
    // One volume is cached on the card before all are asked for.
    run(smooth_, part(smooth_, {{"t", {1, 2}}, {"c", {1, 2}}}));
    expectEqual(values(brighter_), expected, whole);
    executor_.clearCache();
}

TEST_F(OnCard, NumbersAreFoundOfWhatIsOnTheCard) {
    const LazyArray highest = statistic(deskewed_, Statistic::Max);
    const Block expected = values(highest);
    executor_.clearCache();
    const auto device = card();
    const UsedBackend used(backendOf(device));
    expectEqual(values(highest), expected, Region::whole(highest.shape()));
    executor_.clearCache();
}

TEST_F(OnCard, TheLedgerTellsWhatDidNotFit) {
    const auto device = card(2048);
    const UsedBackend used(backendOf(device));
    const graph::Outcome outcome = run(deskewed_, part(deskewed_, {{"t", {0, 1}}, {"c", {0, 1}}}));
    ASSERT_TRUE(outcome.block.ok());
    ASSERT_EQ(outcome.costs.remarks.size(), 1U);
    EXPECT_EQ(outcome.costs.remarks[0], "deskew: computed on the processor, for it does not fit fake card");
    EXPECT_EQ(executor_.ledger().recent().front().costs.remarks, outcome.costs.remarks);
    EXPECT_NE(outcome.costs.json().find("\"remarks\":[\"deskew: computed"), std::string::npos);
}

TEST_F(OnCard, ALostCardIsAnErrorOfItsBlocksOnly) {
    const auto device = card();
    const UsedBackend used(backendOf(device));
    const Region volume = part(brighter_, {{"t", {0, 1}}, {"c", {0, 1}}});
    values(brighter_, volume); // what is between stays on the card
    device->lose();
    // The values of the step between are nowhere: an error, once.
    const graph::Outcome lost = run(smooth_, part(smooth_, {{"t", {0, 1}}, {"c", {0, 1}}}));
    ASSERT_FALSE(lost.block.ok());
    EXPECT_EQ(lost.block.error().kind, Error::Kind::Device);
    const graph::Outcome again = run(smooth_, part(smooth_, {{"t", {0, 1}}, {"c", {0, 1}}}));
    ASSERT_TRUE(again.block.ok()) << again.block.error().text();
    EXPECT_FALSE(again.costs.remarks.empty());
    executor_.clearCache();
}

} // namespace
} // namespace lazulite::ops::testing
