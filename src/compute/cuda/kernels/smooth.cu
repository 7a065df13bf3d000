#include "../launch.cuh"

namespace lazulite::compute::cuda {

template void launch(const Median&, Arrays, const DeviceArray&, cudaStream_t);
template void launch(const Reduce<Gaussian>&, Arrays, const DeviceArray&, cudaStream_t);

} // namespace lazulite::compute::cuda
