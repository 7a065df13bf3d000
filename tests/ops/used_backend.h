#pragma once

#include <memory>
#include <utility>

#include "lazulite/compute/backend.h"
#include "support/fake_device.h"

namespace lazulite::ops::testing {

using lazulite::testing::FakeDevice;

/// The active backend, as long as this lives.
class UsedBackend {
public:
    explicit UsedBackend(std::shared_ptr<compute::Backend> backend) { compute::setActiveBackend(std::move(backend)); }
    ~UsedBackend() { compute::setActiveBackend(compute::cpuBackend()); }
    UsedBackend(const UsedBackend&) = delete;
    UsedBackend& operator=(const UsedBackend&) = delete;
};

} // namespace lazulite::ops::testing
