#include "../cuda_device.h"
#include "../launch.cuh"

namespace lazulite::compute::cuda {

template void launch(const Camera&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const CameraResidual&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Expression&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const FlatField&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Quotient&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Rescale&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Subtract&, Arrays, const DeviceArray&, cudaStream_t);

int tryKernel() {
    cudaFuncAttributes attributes{};
    return cudaFuncGetAttributes(&attributes, runThreads<Pointwise<Rescale, float, Rescale::kInputs>>);
}

} // namespace lazulite::compute::cuda
