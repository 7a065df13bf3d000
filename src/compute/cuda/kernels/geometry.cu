#include "../launch.cuh"

namespace lazulite::compute::cuda {

template void launch(const AffineLinear&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const AffineNearest&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Deskew&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const DeskewRotate&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Rotate&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Shift&, Arrays, const DeviceArray&, cudaStream_t);

} // namespace lazulite::compute::cuda
