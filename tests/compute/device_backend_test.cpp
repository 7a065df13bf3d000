#include <gtest/gtest.h>

#include <thread>

#include "support/blocks.h"
#include "support/fake_device.h"

/// What is uploaded and downloaded, kept and let go of, on a card of ordinary memory.
namespace lazulite::compute::cuda {
namespace {

using testing::backendOf;
using testing::FakeDevice;
using testing::randomBlock;

constexpr std::uint64_t kKilobyte = 1U << 10U;

/// Memory that a graphics card may know of, as computations get it.
struct Memory {
    explicit Memory(DType type, const Region& region)
        : bytes(std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(region.elementCount()) *
                                                         bytesPer(type))),
          data(bytes, bytes->data()),
          destination{data.get(), type, region, rowMajorStrides(region.shape(), bytesPer(type)),
                      std::make_shared<Mirror>(data)} {}

    Block block() const {
        return {data, destination.dtype, destination.region, destination.strides, destination.mirror};
    }

    std::shared_ptr<std::vector<std::byte>> bytes;
    std::shared_ptr<std::byte> data;
    Destination destination;
};

/// A block with values that a card may know of.
Block randomInput(DType type, const Region& region, unsigned seed) {
    const Memory memory(type, region);
    visitType(type, [&](auto t) {
        using T = typename decltype(t)::type;
        auto* elements = reinterpret_cast<T*>(memory.data.get());
        for (unsigned i = 0; i < region.elementCount(); ++i) {
            const unsigned mixed = (i + 7919 * seed) * 2654435761U >> 8U;
            elements[i] = compute::toElement<T>(static_cast<double>(mixed % 251));
        }
    });
    return memory.block();
}

Region box(std::int64_t z, std::int64_t y, std::int64_t x) {
    return Region::whole({z, y, x});
}

Rescale twice() {
    return {.gain = 2, .offset = 1};
}

Block onProcessor(const Kernel& kernel, const std::vector<Block>& inputs, DType type, const Region& region) {
    const Memory memory(type, region);
    EXPECT_TRUE(cpuBackend()->run(kernel, inputs, memory.destination, {}).ok());
    return memory.block();
}

bool equal(const Block& a, const Block& b) {
    if (a.dtype() != b.dtype() || a.region() != b.region()) return false;
    const Memory left(a.dtype(), a.region());
    const Memory right(b.dtype(), b.region());
    a.copyTo(left.destination);
    b.copyTo(right.destination);
    return *left.bytes == *right.bytes;
}

class OnFakeCard : public ::testing::Test {
protected:
    void useCardOf(std::uint64_t bytes) {
        device_ = std::make_shared<FakeDevice>(bytes);
        card_ = std::make_shared<Card>(device_, bytes);
        backend_ = std::make_shared<DeviceBackend>(std::vector{card_});
    }
    void SetUp() override { useCardOf(1024 * kKilobyte); }

    Memory run(const Kernel& kernel, const std::vector<Block>& inputs, DType type, const Region& region) {
        Memory memory(type, region);
        EXPECT_TRUE(backend_->run(kernel, inputs, memory.destination, context()).ok());
        return memory;
    }
    Context context() {
        return {.remark = [this](const std::string& text) { remarks_.push_back(text); }};
    }

    std::shared_ptr<FakeDevice> device_;
    std::shared_ptr<Card> card_;
    std::shared_ptr<Backend> backend_;
    std::vector<std::string> remarks_;
};

TEST_F(OnFakeCard, VolumesOfManyPiecesAreWhatTheProcessorMakesOfThem) {
    const Region region = box(45, 32, 33); // 95 kB: two dozen pieces
    const Block input = randomInput(DType::UInt16, region, 1);
    const Memory result = run(twice(), {input}, DType::UInt16, region);
    EXPECT_TRUE(equal(result.block(), onProcessor(twice(), {input}, DType::UInt16, region)));
    EXPECT_EQ(device_->bytesUploaded, input.bytes());
}

TEST_F(OnFakeCard, ConsecutiveStepsTakeOneUploadAndOneDownload) {
    const Region region = box(9, 20, 31);
    const Block input = randomInput(DType::UInt16, region, 1);
    const Memory first = run(twice(), {input}, DType::Float32, region);
    const Memory second =
        run(Reduce<Max>{{Span::same(9), Span::around(2, 20), Span::same(31)}}, {first.block()}, DType::Float32, region);
    const Memory third = run(twice(), {second.block()}, DType::UInt16, region);
    EXPECT_EQ(device_->bytesUploaded, input.bytes());
    EXPECT_EQ(device_->bytesDownloaded, 0U);
    EXPECT_TRUE(third.block().settle().ok());
    EXPECT_EQ(device_->bytesDownloaded, third.block().bytes());
    EXPECT_EQ(third.block().valueAt({3, 4, 5}), third.block().valueAt({3, 4, 5}));
    EXPECT_EQ(device_->bytesDownloaded, third.block().bytes());
}

TEST_F(OnFakeCard, WhoeverLooksAtAResultGetsItsValues) {
    const Region region = box(3, 4, 5);
    const Block input = randomInput(DType::Int16, region, 2);
    const Memory result = run(twice(), {input}, DType::Int16, region);
    EXPECT_TRUE(result.destination.mirror->pending());
    const Block part = result.block().view(Region({{1, 2}, {2, 4}, {0, 5}}));
    EXPECT_EQ(part.valueAt({1, 3, 2}), onProcessor(twice(), {input}, DType::Int16, region).valueAt({1, 3, 2}));
    EXPECT_FALSE(result.destination.mirror->pending());
}

TEST_F(OnFakeCard, TheProcessorGoesOnWithWhatACardMade) {
    const Region region = box(3, 4, 5);
    const Block input = randomInput(DType::Float32, region, 2);
    const Memory result = run(twice(), {input}, DType::Float32, region);
    const Block next = onProcessor(twice(), {result.block()}, DType::Float32, region);
    const Block expected =
        onProcessor(twice(), {onProcessor(twice(), {input}, DType::Float32, region)}, DType::Float32, region);
    EXPECT_TRUE(equal(next, expected));
}

TEST_F(OnFakeCard, ResultsThatNobodyLooksAtAreNeverDownloaded) {
    const Region region = box(3, 4, 5);
    run(twice(), {randomInput(DType::Float32, region, 2)}, DType::Float32, region);
    EXPECT_EQ(card_->memory().usage().inUse, 0U);
    EXPECT_EQ(device_->bytesDownloaded, 0U);
}

TEST_F(OnFakeCard, MemoryWithoutAMirrorIsFilledAtOnce) {
    const Region region = box(3, 4, 5);
    const Block input = randomBlock(DType::Float32, region, 2);
    Memory memory(DType::Float32, region);
    memory.destination.mirror.reset();
    EXPECT_TRUE(backend_->run(twice(), {&input, 1}, memory.destination, {}).ok());
    EXPECT_TRUE(equal(memory.block(), onProcessor(twice(), {input}, DType::Float32, region)));
    EXPECT_EQ(card_->memory().usage().inUse, 0U);
}

TEST_F(OnFakeCard, PartsOfWhatIsOnTheCardAreFoundThere) {
    const Region region = box(6, 7, 8);
    const Block input = randomInput(DType::Float32, region, 3);
    run(twice(), {input}, DType::Float32, region);
    const Block part = input.view(Region({{1, 5}, {2, 3}, {3, 8}}));
    const Block turned =
        part.relabelled(Region({{3, 8}, {10, 11}, {1, 5}}), {part.strides()[2], part.strides()[1], part.strides()[0]});
    for (const Block& block : {part, turned}) {
        const Memory result = run(twice(), {block}, DType::Float32, block.region());
        EXPECT_TRUE(equal(result.block(), onProcessor(twice(), {block}, DType::Float32, block.region())));
    }
    EXPECT_EQ(device_->bytesUploaded, input.bytes());
}

TEST_F(OnFakeCard, ABlockThatReachesBeyondWhatIsOnTheCardIsUploaded) {
    const Block input = randomInput(DType::UInt16, box(6, 7, 8), 3);
    const Block part = input.view(Region({{0, 3}, {0, 7}, {0, 8}}));
    run(twice(), {part}, DType::UInt16, part.region());
    const Memory result = run(twice(), {input}, DType::UInt16, input.region());
    EXPECT_TRUE(equal(result.block(), onProcessor(twice(), {input}, DType::UInt16, input.region())));
    EXPECT_EQ(device_->bytesUploaded, part.bytes() + input.bytes());
}

TEST_F(OnFakeCard, RepeatedElementsAreUploadedOnce) {
    const Region region = box(6, 7, 8);
    const Block input = randomInput(DType::UInt16, region, 3);
    const Block plane = randomInput(DType::Float32, box(1, 7, 8), 4);
    const Block dark = plane.relabelled(region, {0, plane.strides()[1], plane.strides()[2]});
    const Memory result = run(Subtract{}, {input, dark}, DType::UInt16, region);
    EXPECT_TRUE(equal(result.block(), onProcessor(Subtract{}, {input, dark}, DType::UInt16, region)));
    EXPECT_EQ(device_->bytesUploaded, input.bytes() + plane.bytes());
    run(Subtract{}, {input, dark}, DType::UInt16, region);
    EXPECT_EQ(device_->bytesUploaded, input.bytes() + plane.bytes());
}

TEST_F(OnFakeCard, WhatWasUsedLongestAgoMakesRoom) {
    useCardOf(4 * kKilobyte);
    const Region region = box(1, 32, 32);
    const Block input = randomInput(DType::UInt8, region, 3);
    std::vector<Memory> results;
    for (int i = 0; i < 6; ++i) {
        results.push_back(run(Rescale{.gain = 1, .offset = static_cast<double>(i)}, {input}, DType::UInt8, region));
    }
    EXPECT_EQ(device_->bytesUploaded, input.bytes());       // used again and again: it stays
    EXPECT_EQ(device_->bytesDownloaded, 3 * input.bytes()); // the first three results
    for (int i = 0; i < 6; ++i) {
        const Rescale kernel{.gain = 1, .offset = static_cast<double>(i)};
        EXPECT_TRUE(
            equal(results[static_cast<std::size_t>(i)].block(), onProcessor(kernel, {input}, DType::UInt8, region)));
    }
    EXPECT_LE(card_->memory().usage().peak, 4 * kKilobyte);
}

TEST_F(OnFakeCard, NothingIsWrittenIntoMemoryThatIsGone) {
    useCardOf(3 * kKilobyte);
    const Region region = box(1, 32, 32);
    const Block input = randomInput(DType::UInt8, region, 3);
    auto result = std::make_unique<Memory>(run(twice(), {input}, DType::UInt8, region));
    const std::shared_ptr<Mirror> mirror = result->destination.mirror; // the card's copy outlives the buffer
    result.reset();
    run(twice(), {input}, DType::UInt8, region);
    run(twice(), {input}, DType::UInt8, region);
    EXPECT_EQ(device_->bytesDownloaded, 0U);
}

TEST_F(OnFakeCard, ManyComputationsAtOnceStayWithinTheLimit) {
    useCardOf(8 * kKilobyte);
    const Region region = box(4, 16, 16);
    std::vector<std::jthread> threads;
    std::atomic<int> right = 0;
    for (unsigned seed = 0; seed < 6; ++seed) {
        threads.emplace_back([&, seed] {
            const Block input = randomInput(DType::UInt16, region, seed);
            for (int i = 0; i < 4; ++i) {
                const Memory middle(DType::UInt16, region);
                const Memory result(DType::UInt16, region);
                const Block between = middle.block();
                if (!backend_->run(twice(), {&input, 1}, middle.destination, {})) continue;
                if (!backend_->run(twice(), {&between, 1}, result.destination, {})) continue;
                const Block expected =
                    onProcessor(twice(), {onProcessor(twice(), {input}, DType::UInt16, region)}, DType::UInt16, region);
                if (equal(result.block(), expected)) ++right;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(right, 24);
    EXPECT_LE(card_->memory().usage().peak, 8 * kKilobyte);
    EXPECT_EQ(card_->memory().usage().promised, 0U);
    EXPECT_EQ(card_->memory().usage().inUse, 0U);
}

TEST_F(OnFakeCard, WhatDoesNotFitIsComputedInTiles) {
    useCardOf(12 * kKilobyte);
    const Region region = box(40, 8, 16);
    const Block input = randomInput(DType::UInt16, region, 3); // 10.2 kB, and as much of a result
    const Reduce<Mean> kernel{{Span::around(2, 40), Span::same(8), Span::same(16)}};
    const Memory result = run(kernel, {input}, DType::UInt16, region);
    EXPECT_TRUE(equal(result.block(), onProcessor(kernel, {input}, DType::UInt16, region)));
    ASSERT_EQ(remarks_.size(), 1U);
    EXPECT_EQ(remarks_[0], "computed in 2 tiles, for it does not fit fake card at once");
    EXPECT_LE(card_->memory().usage().peak, 12 * kKilobyte);
}

TEST_F(OnFakeCard, WhatDoesNotFitEvenThenIsComputedOnTheProcessor) {
    useCardOf(kKilobyte);
    const Region region = box(4, 16, 32);
    const Block input = randomInput(DType::UInt16, region, 3);
    const Reduce<Max> kernel{{Span::range(0, 4, 4), Span::same(16), Span::same(32)}};
    const Region plane = box(1, 16, 32);
    const Memory result = run(kernel, {input}, DType::UInt16, plane);
    EXPECT_TRUE(equal(result.block(), onProcessor(kernel, {input}, DType::UInt16, plane)));
    ASSERT_EQ(remarks_.size(), 1U);
    EXPECT_EQ(remarks_[0], "computed on the processor, for it does not fit fake card");
    EXPECT_EQ(device_->kernels, 0);
}

TEST_F(OnFakeCard, ACardThatOthersFilledIsNoError) {
    useCardOf(8 * kKilobyte);
    std::vector<std::byte*> others;
    while (std::byte* data = device_->allocate(kKilobyte)) others.push_back(data);
    const Region region = box(1, 16, 16);
    const Block input = randomInput(DType::UInt8, region, 3);
    const Memory result = run(twice(), {input}, DType::UInt8, region);
    EXPECT_TRUE(equal(result.block(), onProcessor(twice(), {input}, DType::UInt8, region)));
    EXPECT_EQ(remarks_.size(), 1U);
    for (std::byte* data : others) device_->release(data);
}

TEST_F(OnFakeCard, ALostCardIsAnErrorOfItsBlocks) {
    const Region region = box(3, 4, 5);
    const Block input = randomInput(DType::Float32, region, 2);
    const Memory before = run(twice(), {input}, DType::Float32, region);
    device_->onKernel = [this] { device_->lose(); };
    const Memory during(DType::Float32, region);
    const auto outcome = backend_->run(twice(), {&input, 1}, during.destination, context());
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().kind, Error::Kind::Device);
    // What had not been brought away is lost too, and says so, every time.
    EXPECT_EQ(before.block().settle().error().kind, Error::Kind::Device);
    EXPECT_TRUE(before.block().lost());
    EXPECT_THROW(before.block().data(), Failure);
    // The next one is computed without it.
    const Memory after = run(twice(), {input}, DType::Float32, region);
    EXPECT_TRUE(equal(after.block(), onProcessor(twice(), {input}, DType::Float32, region)));
    EXPECT_EQ(remarks_.back(), "computed on the processor, for no graphics card works any more");
}

TEST_F(OnFakeCard, AStopIsHeeded) {
    std::stop_source stop;
    stop.request_stop();
    const Block input = randomInput(DType::Float32, box(3, 4, 5), 2);
    const Memory memory(DType::Float32, box(3, 4, 5));
    const auto outcome = backend_->run(twice(), {&input, 1}, memory.destination, {.stop = stop.get_token()});
    EXPECT_EQ(outcome.error().kind, Error::Kind::Cancelled);
    EXPECT_EQ(card_->memory().usage().inUse, 0U);
}

TEST_F(OnFakeCard, NothingIsNeededForNothing) {
    const Block nothing(nullptr, DType::UInt16, Region(std::vector<Interval>(3)), Strides(3, 0));
    const Deskew kernel{.step = 1, .shift = 1000, .planes = 4, .columns = 5, .width = 6, .pad = 7};
    const Memory result = run(kernel, {nothing}, DType::UInt16, box(4, 2, 6));
    EXPECT_EQ(result.block().valueAt({1, 1, 1}), 7);
}

TEST(OnFakeCards, VolumesGoToTheCardThatHasThemOrIsIdle) {
    const auto first = std::make_shared<FakeDevice>(64 * kKilobyte, "first");
    const auto second = std::make_shared<FakeDevice>(64 * kKilobyte, "second");
    const auto backend = backendOf({first, second});
    const Region region = box(3, 4, 5);
    const Block a = randomInput(DType::Float32, region, 1);
    const Block b = randomInput(DType::Float32, region, 2);
    const Memory ofB(DType::Float32, region);
    // While the first card is at work on one volume, the other one is computed on the second.
    std::atomic<bool> nested = false;
    first->onKernel = [&] {
        if (nested.exchange(true)) return;
        EXPECT_TRUE(backend->run(twice(), {&b, 1}, ofB.destination, {}).ok());
    };
    const Memory ofA(DType::Float32, region);
    EXPECT_TRUE(backend->run(twice(), {&a, 1}, ofA.destination, {}).ok());
    EXPECT_EQ(first->kernels, 1);
    EXPECT_EQ(second->kernels, 1);
    // Each goes on where it is.
    const Memory more(DType::Float32, region);
    const Block between = ofB.block();
    EXPECT_TRUE(backend->run(twice(), {&between, 1}, more.destination, {}).ok());
    EXPECT_EQ(second->kernels, 2);
    // What one card made gets to the other by way of its buffer.
    first->lose();
    const Block lostElsewhere = ofA.block();
    const Memory none(DType::Float32, region);
    EXPECT_FALSE(backend->run(twice(), {&lostElsewhere, 1}, none.destination, {}).ok());
    second->lose();
}

} // namespace
} // namespace lazulite::compute::cuda
