#pragma once

#include <cuda_runtime_api.h>
#include <cufft.h>

#include <cstddef>
#include <cstdint>
#include <map>

#include "lazulite/compute/fft_size.h"

namespace lazulite::compute::cuda {

/// cuFFT's transforms of volumes in place, in one stream. Plans are made once and take their work memory from outside.
class CudaTransforms {
public:
    CudaTransforms() = default;
    CudaTransforms(const CudaTransforms&) = delete;
    CudaTransforms& operator=(const CudaTransforms&) = delete;
    ~CudaTransforms();

    void setStream(cudaStream_t stream) { stream_ = stream; }

    /// Bytes of work memory that both transforms of this grid need.
    cufftResult prepare(const Size3& grid, std::uint64_t& bytes);
    cufftResult run(std::byte* volume, const Size3& grid, std::byte* work, bool forward);

    static std::uint64_t estimatedBytes(const Size3& grid);

private:
    struct Plans {
        cufftHandle forward = 0;
        cufftHandle back = 0;
        std::uint64_t bytes = 0;
    };
    cufftResult make(const Size3& grid, Plans& plans) const;

    cudaStream_t stream_ = nullptr;
    std::map<Size3, Plans> plans_;
};

} // namespace lazulite::compute::cuda
