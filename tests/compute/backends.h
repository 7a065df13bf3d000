#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lazulite/compute/backend.h"
#include "support/blocks.h"

/// Every test of a kernel runs on every backend that is present.
namespace lazulite::compute {

inline std::vector<std::shared_ptr<Backend>> presentBackends() {
    return {cpuBackend()};
}

class OnBackend : public ::testing::TestWithParam<std::shared_ptr<Backend>> {
protected:
    /// A region of what a kernel makes of inputs.
    static Block run(const Kernel& kernel, const std::vector<Block>& inputs, DType type, const Region& region) {
        const std::shared_ptr<std::byte[]> data(
            new std::byte[static_cast<std::size_t>(region.elementCount()) * bytesPer(type) + 1]);
        const Destination destination{data.get(), type, region, rowMajorStrides(region.shape(), bytesPer(type))};
        const Result<void> outcome = GetParam()->run(kernel, inputs, destination, {});
        EXPECT_TRUE(outcome.ok());
        return {std::shared_ptr<const std::byte>(data, data.get()), type, region};
    }
};

/// NAME is a suite derived from OnBackend.
#define LAZULITE_ON_BACKENDS(NAME)                                                   \
    INSTANTIATE_TEST_SUITE_P(Backends, NAME, ::testing::ValuesIn(presentBackends()), \
                             [](const auto& param) { return param.param->name(); })

} // namespace lazulite::compute
