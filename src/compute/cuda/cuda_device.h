#pragma once

#include <memory>

#include "device.h"

namespace lazulite::compute::cuda {

/// A graphics card by its number, through CUDA's runtime; an error where this build cannot run on it.
Result<std::shared_ptr<Device>> openDevice(int number);

/// How many there are; the error says what is missing.
Result<int> countDevices();

/// Of a kernel of this build on the calling thread's card (a cudaError_t).
int tryKernel();

} // namespace lazulite::compute::cuda
