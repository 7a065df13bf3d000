#pragma once

#include <cuda_runtime_api.h>

#include "device.h"

/// What the device calls. Each family of kernels is compiled in a file of its own, for nvcc takes its time.
namespace lazulite::compute::cuda {

/// Asks for a kernel to be run: defined in launch.cuh, instantiated for every kernel in its family's file. What goes
/// wrong is told by cudaGetLastError().
template <typename Kernel>
void launch(const Kernel& kernel, Arrays inputs, const DeviceArray& out, cudaStream_t stream);

void launch(const Pass& pass, cudaStream_t stream);
void launch(const SummingPass& pass, Sums* found, cudaStream_t stream);

} // namespace lazulite::compute::cuda
