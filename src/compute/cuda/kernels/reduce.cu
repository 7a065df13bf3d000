#include "../launch.cuh"

namespace lazulite::compute::cuda {

template void launch(const Reduce<Max>&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Reduce<Mean>&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Reduce<Min>&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Reduce<Std>&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Reduce<Sum>&, Arrays, const DeviceArray&, cudaStream_t);

} // namespace lazulite::compute::cuda
