#include <gtest/gtest.h>

#include "deconvolution_scenes.h"
#include "lazulite/compute/richardson_lucy.h"
#include "support/fake_device.h"

/// What a deconvolution moves and takes on a card of ordinary memory; its numbers are tested in deconvolve_test.cpp.
namespace lazulite::compute::cuda {
namespace {

using testing::blurFrom;
using testing::FakeDevice;
using testing::pointsOfLight;
using testing::psfStack;

constexpr Size3 kSize{6, 10, 12};
constexpr double kBackground = 95;

/// Memory of a block that a card may know of.
struct Memory {
    explicit Memory(DType type)
        : bytes(std::make_shared<std::vector<std::byte>>(kSize[0] * kSize[1] * kSize[2] * bytesPer(type))),
          data(bytes, bytes->data()),
          destination{data.get(), type, Region::whole({kSize[0], kSize[1], kSize[2]}),
                      rowMajorStrides({kSize[0], kSize[1], kSize[2]}, bytesPer(type)), std::make_shared<Mirror>(data)} {
    }

    Block block() const {
        return {data, destination.dtype, destination.region, destination.strides, destination.mirror};
    }

    std::shared_ptr<std::vector<std::byte>> bytes;
    std::shared_ptr<std::byte> data;
    Destination destination;
};

class DeconvolutionOnFakeCard : public ::testing::Test {
protected:
    void SetUp() override { useCardOf(1U << 22U); }
    void useCardOf(std::uint64_t bytes) {
        device_ = std::make_shared<FakeDevice>(bytes);
        card_ = std::make_shared<Card>(device_, bytes);
        backend_ = std::make_shared<DeviceBackend>(std::vector{card_});
        pointsOfLight(kSize).copyTo(image_.destination);
    }
    Tiling tiling() const {
        return tilingFor(*backend_, blur_, options_, kSize, UINT64_MAX, [](const auto&) { return std::uint64_t{0}; });
    }
    Result<void> run(const Block& image, const Destination& out, std::stop_token stop = {}) {
        return deconvolve(
            *backend_, blur_, options_, tiling(), image, kBackground, out,
            {.stop = std::move(stop), .remark = [this](const std::string& text) { remarks_.push_back(text); }});
    }
    Block onProcessor() {
        const Memory memory(DType::Float32);
        const Tiling whole =
            tilingFor(*cpuBackend(), blur_, options_, kSize, UINT64_MAX, [](const auto&) { return std::uint64_t{0}; });
        EXPECT_TRUE(
            deconvolve(*cpuBackend(), blur_, options_, whole, image_.block(), kBackground, memory.destination, {})
                .ok());
        return memory.block();
    }
    static void expectNear(const Block& a, const Block& b) {
        testing::forEachPosition(a.region(), [&](const std::vector<std::int64_t>& at) {
            ASSERT_NEAR(a.valueAt(at), b.valueAt(at), 1e-2 + 1e-3 * b.valueAt(at));
        });
    }

    Blur blur_ = blurFrom(psfStack({5, 7, 7}));
    RichardsonLucy options_{.iterations = 5};
    Memory image_{DType::UInt16};
    std::shared_ptr<FakeDevice> device_;
    std::shared_ptr<Card> card_;
    std::shared_ptr<Backend> backend_;
    std::vector<std::string> remarks_;
};

TEST_F(DeconvolutionOnFakeCard, AnIterationIsFourTransforms) {
    const Memory result(DType::Float32);
    ASSERT_TRUE(run(image_.block(), result.destination).ok());
    EXPECT_EQ(device_->transforms, 1 + 2 + 4 * options_.iterations); // the OTF, the weights, the iterations
    expectNear(result.block(), onProcessor());
}

TEST_F(DeconvolutionOnFakeCard, TheNextVolumeFindsTheOtfAndTheWeights) {
    const Memory first(DType::Float32);
    const Memory second(DType::Float32);
    ASSERT_TRUE(run(image_.block(), first.destination).ok());
    device_->transforms = 0;
    ASSERT_TRUE(run(image_.block(), second.destination).ok());
    EXPECT_EQ(device_->transforms, 4 * options_.iterations);
    expectNear(second.block(), first.block());
}

TEST_F(DeconvolutionOnFakeCard, GoesOnWithWhatIsOnTheCardAndLeavesItsResultThere) {
    const Memory before(DType::Float32);
    const Block image = image_.block();
    ASSERT_TRUE(backend_->run(Rescale{}, {&image, 1}, before.destination, {}).ok());
    const std::uint64_t uploaded = device_->bytesUploaded;
    const Memory result(DType::Float32);
    ASSERT_TRUE(run(before.block(), result.destination).ok());
    const Memory after(DType::Float32);
    const Block deconvolved = result.block();
    ASSERT_TRUE(backend_->run(Rescale{}, {&deconvolved, 1}, after.destination, {}).ok());
    EXPECT_TRUE(before.destination.mirror->pending());
    EXPECT_TRUE(result.destination.mirror->pending());
    // Beyond the image only the point spread function goes up, and only sums come down.
    EXPECT_EQ(device_->bytesUploaded - uploaded, 5U * 7U * 7U * sizeof(float));
    EXPECT_EQ(device_->bytesDownloaded, bytesOfSums(Box::whole(kSize)) + 5 * bytesOfSums(Box::whole(tiling().grid)));
    expectNear(after.block(), onProcessor());
}

TEST_F(DeconvolutionOnFakeCard, WithoutAccelerationNothingIsAddedUp) {
    options_.accelerated = false;
    const Memory result(DType::Float32);
    ASSERT_TRUE(run(image_.block(), result.destination).ok());
    expectNear(result.block(), onProcessor());
}

TEST_F(DeconvolutionOnFakeCard, ImagesOfEveryTypeAreTaken) {
    for (const DType type : {DType::UInt8, DType::Int32, DType::Float16, DType::Float64}) {
        const Block image = pointsOfLight(kSize, type);
        const Memory result(DType::Float32);
        ASSERT_TRUE(run(image, result.destination).ok());
        const Memory expected(DType::Float32);
        ASSERT_TRUE(
            deconvolve(*cpuBackend(), blur_, options_, tiling(), image, kBackground, expected.destination, {}).ok());
        expectNear(result.block(), expected.block());
    }
}

TEST_F(DeconvolutionOnFakeCard, TakesNoMoreThanItSaid) {
    const Tiling whole = tiling();
    const auto memory = backend_->deconvolverMemory(options_, whole.window, whole.grid);
    EXPECT_TRUE(memory.buffers.empty());
    useCardOf(memory.own);
    const Memory result(DType::Float32);
    ASSERT_TRUE(run(image_.block(), result.destination).ok());
    EXPECT_TRUE(remarks_.empty());
    EXPECT_EQ(card_->memory().usage().peak, memory.own);
}

TEST_F(DeconvolutionOnFakeCard, ASmallerCardHasItCutIntoPieces) {
    blur_.reach = {1, 1, 1}; // pieces of so small an image would else be larger than the whole
    const Tiling whole = tiling();
    useCardOf(backend_->deconvolverMemory(options_, whole.window, whole.grid).own - 1);
    const Tiling pieces = tiling();
    ASSERT_FALSE(pieces.whole());
    const Memory result(DType::Float32);
    ASSERT_TRUE(run(image_.block(), result.destination).ok());
    EXPECT_TRUE(remarks_.empty());
    EXPECT_FALSE(result.destination.mirror->pending());
    EXPECT_GT(device_->transforms, 0);
}

TEST_F(DeconvolutionOnFakeCard, ATinyCardLeavesItToTheProcessor) {
    useCardOf(4096);
    const Memory result(DType::Float32);
    ASSERT_TRUE(run(image_.block(), result.destination).ok());
    ASSERT_FALSE(remarks_.empty());
    EXPECT_EQ(remarks_[0], "computed on the processor, for it does not fit fake card");
    EXPECT_EQ(device_->transforms, 0);
}

TEST_F(DeconvolutionOnFakeCard, WhatCannotBeCutAsksForTheProcessorsMemoryBeforehand) {
    options_.edges = Edges::Periodic;
    useCardOf(4096);
    const Tiling whole = tiling();
    ASSERT_TRUE(whole.whole());
    EXPECT_EQ(backend_->deconvolverMemory(options_, whole.window, whole.grid).buffers,
              cpuBackend()->deconvolverMemory(options_, whole.window, whole.grid).buffers);
}

TEST_F(DeconvolutionOnFakeCard, AStopIsHeeded) {
    std::stop_source stop;
    const Memory result(DType::Float32);
    int passes = 0;
    device_->onKernel = [&] {
        if (++passes == 12) stop.request_stop();
    };
    EXPECT_EQ(run(image_.block(), result.destination, stop.get_token()).error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(card_->memory().usage().promised, 0U);
    EXPECT_LT(device_->transforms, 4 * options_.iterations);
}

TEST_F(DeconvolutionOnFakeCard, ALostCardIsAnError) {
    device_->onKernel = [&] { device_->lose(); };
    const Memory result(DType::Float32);
    EXPECT_EQ(run(image_.block(), result.destination).error().kind, Error::Kind::Device);
}

} // namespace
} // namespace lazulite::compute::cuda
