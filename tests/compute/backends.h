#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "lazulite/compute/backend.h"
#include "support/blocks.h"
#include "support/fake_device.h"

/// Every test of a kernel runs on the processor, on a card of ordinary memory that does what a graphics card's threads
/// would do, and on the graphics card where there is one.
namespace lazulite::compute {

enum class Place { Processor, FakeCard, Card };

inline constexpr std::array kPlaces{Place::Processor, Place::FakeCard, Place::Card};

inline std::string nameOf(Place place) {
    constexpr std::array kNames{"cpu", "fake", "cuda"};
    return kNames.at(static_cast<std::size_t>(place));
}

/// To begin a SetUp() with.
#define LAZULITE_SKIP_WITHOUT(place) \
    if ((place) == Place::Card && !cudaBackend()) GTEST_SKIP() << cudaBackend().error().message

inline Backend& backendAt(Place place) {
    constexpr std::uint64_t kBytes = 1U << 28U;
    if (place == Place::Processor) return *cpuBackend();
    if (place == Place::Card) return **cudaBackend();
    static const auto fake = testing::backendOf({std::make_shared<testing::FakeDevice>(kBytes)});
    return *fake;
}

class OnBackend : public ::testing::TestWithParam<Place> {
protected:
    void SetUp() override { LAZULITE_SKIP_WITHOUT(GetParam()); }

    static Backend& backend() { return backendAt(GetParam()); }

    /// A region of what a kernel makes of inputs.
    static Block run(const Kernel& kernel, const std::vector<Block>& inputs, DType type, const Region& region) {
        const std::shared_ptr<std::byte[]> data(
            new std::byte[static_cast<std::size_t>(region.elementCount()) * bytesPer(type) + 1]);
        const Destination destination{data.get(), type, region, rowMajorStrides(region.shape(), bytesPer(type))};
        const Result<void> outcome = backend().run(kernel, inputs, destination, {});
        EXPECT_TRUE(outcome.ok());
        return {std::shared_ptr<const std::byte>(data, data.get()), type, region};
    }
};

/// NAME is a suite derived from OnBackend.
#define LAZULITE_ON_BACKENDS(NAME)                                         \
    INSTANTIATE_TEST_SUITE_P(Backends, NAME, ::testing::ValuesIn(kPlaces), \
                             [](const auto& param) { return nameOf(param.param); })

} // namespace lazulite::compute
