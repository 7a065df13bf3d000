#include "cuda_device.h"

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <utility>

#include "cuda_transforms.h"
#include "launches.h"

namespace lazulite::compute::cuda {

namespace {

Error failure(const std::string& card, const std::string& reason) {
    return {Error::Kind::Device,
            fmt::format("{} failed ({}); try again, or compute on the processor (--backend cpu)", card, reason),
            {},
            {}};
}

std::string textOf(cudaError_t code) {
    return fmt::format("{}: {}", cudaGetErrorName(code), cudaGetErrorString(code));
}

class CudaDevice final : public Device {
public:
    CudaDevice(int number, std::string name) : number_(number), name_(std::move(name)) {}

    std::string name() const override { return name_; }
    std::uint64_t freeBytes() const override {
        use();
        std::size_t free = 0;
        std::size_t total = 0;
        return cudaMemGetInfo(&free, &total) == cudaSuccess ? free : 0;
    }
    std::byte* allocate(std::uint64_t bytes) override {
        use();
        void* data = nullptr;
        if (cudaMalloc(&data, bytes) == cudaSuccess) return static_cast<std::byte*>(data);
        static_cast<void>(cudaGetLastError()); // or the next kernel would be blamed for it
        return nullptr;
    }
    void release(std::byte* data) override {
        use();
        cudaFree(data);
    }
    std::uint64_t pieceBytes() const override { return 8U << 20U; }
    std::shared_ptr<std::byte> pinned(std::uint64_t bytes) override {
        use();
        void* data = nullptr;
        if (cudaHostAlloc(&data, bytes, cudaHostAllocPortable) != cudaSuccess) {
            static_cast<void>(cudaGetLastError());
            return nullptr;
        }
        return {static_cast<std::byte*>(data), [](std::byte* memory) { cudaFreeHost(memory); }};
    }
    Result<std::unique_ptr<Stream>> makeStream() override;
    std::uint64_t estimatedTransformBytes(const Size3& grid) const override {
        use();
        return CudaTransforms::estimatedBytes(grid);
    }
    bool lost() const override { return lost_.load(std::memory_order_relaxed); }

    /// Errors that are told late leave a card unusable until the program ends.
    void lose() { lost_ = true; }
    /// Makes the calling thread's calls go to this card.
    void use() const { cudaSetDevice(number_); }

private:
    int number_;
    std::string name_;
    std::atomic<bool> lost_ = false;
};

class CudaStream final : public Stream {
public:
    explicit CudaStream(CudaDevice& device) : device_(device) {}
    CudaStream(const CudaStream&) = delete;
    CudaStream& operator=(const CudaStream&) = delete;
    ~CudaStream() override {
        device_.use();
        cudaStreamSynchronize(stream_);
        for (const cudaEvent_t event : marks_) cudaEventDestroy(event);
        for (const cudaEvent_t event : {kernelBegin_, kernelEnd_}) cudaEventDestroy(event);
        cudaStreamDestroy(stream_);
    }

    Result<void> open() {
        device_.use();
        note(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
        for (cudaEvent_t& event : marks_) note(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
        for (cudaEvent_t* event : {&kernelBegin_, &kernelEnd_}) note(cudaEventCreate(event));
        transforms_.setStream(stream_);
        return taken();
    }

    void upload(std::byte* to, const std::byte* from, std::uint64_t bytes) override {
        copy(to, from, bytes, cudaMemcpyHostToDevice);
    }
    void download(std::byte* to, const std::byte* from, std::uint64_t bytes) override {
        copy(to, from, bytes, cudaMemcpyDeviceToHost);
    }
    void run(const Kernel& kernel, Arrays inputs, const DeviceArray& output) override {
        measured([&] {
            std::visit([&](const auto& chosen) { launch(chosen, inputs, output, stream_); }, kernel);
            note(cudaGetLastError());
        });
    }
    void run(const Pass& pass) override {
        measured([&] {
            launch(pass, stream_);
            note(cudaGetLastError());
        });
    }
    void sum(const SummingPass& pass, Sums* found) override {
        measured([&] {
            launch(pass, found, stream_);
            note(cudaGetLastError());
        });
    }

    void transform(std::byte* volume, const Size3& grid, std::byte* work) override {
        measured([&] { note(transforms_.run(volume, grid, work, true)); });
    }
    void transformBack(std::byte* volume, const Size3& grid, std::byte* work) override {
        measured([&] { note(transforms_.run(volume, grid, work, false)); });
    }
    Result<std::uint64_t> transformBytes(const Size3& grid) override {
        device_.use();
        std::uint64_t bytes = 0;
        const cufftResult prepared = transforms_.prepare(grid, bytes);
        if (prepared == CUFFT_ALLOC_FAILED) {
            static_cast<void>(cudaGetLastError());
            return Error{Error::Kind::TooLarge, device_.name() + " has no memory for a transform", {}, {}};
        }
        note(prepared);
        if (auto outcome = taken(); !outcome) return outcome.error();
        return bytes;
    }

    void mark(std::size_t number) override {
        device_.use();
        note(cudaEventRecord(marks_.at(number), stream_));
    }
    Result<void> reach(std::size_t number) override {
        device_.use();
        return waited(cudaEventSynchronize(marks_.at(number)));
    }
    Result<void> finish() override {
        device_.use();
        return waited(cudaStreamSynchronize(stream_));
    }
    double kernelMilliseconds() override {
        float milliseconds = 0;
        device_.use();
        return cudaEventElapsedTime(&milliseconds, kernelBegin_, kernelEnd_) == cudaSuccess ? milliseconds : 0;
    }

private:
    void copy(std::byte* to, const std::byte* from, std::uint64_t bytes, cudaMemcpyKind kind) {
        device_.use();
        note(cudaMemcpyAsync(to, from, bytes, kind, stream_));
    }
    template <typename Work>
    void measured(const Work& work) {
        device_.use();
        note(cudaEventRecord(kernelBegin_, stream_));
        work();
        note(cudaEventRecord(kernelEnd_, stream_));
    }
    /// Keeps the first of the errors that came up while asking.
    void note(cudaError_t code) {
        if (code != cudaSuccess && error_.empty()) error_ = textOf(code);
    }
    void note(cufftResult code) {
        if (code != CUFFT_SUCCESS && error_.empty()) error_ = fmt::format("cuFFT's error {}", static_cast<int>(code));
    }
    /// Tells it, once.
    Result<void> taken() {
        if (error_.empty()) return {};
        return failure(device_.name(), std::exchange(error_, std::string()));
    }
    Result<void> waited(cudaError_t code) {
        if (code != cudaSuccess) device_.lose();
        note(code);
        return taken();
    }

    CudaDevice& device_;
    cudaStream_t stream_ = nullptr;
    std::array<cudaEvent_t, kMarks> marks_{};
    cudaEvent_t kernelBegin_ = nullptr;
    cudaEvent_t kernelEnd_ = nullptr;
    CudaTransforms transforms_;
    std::string error_;
};

Result<std::unique_ptr<Stream>> CudaDevice::makeStream() {
    auto stream = std::make_unique<CudaStream>(*this);
    if (auto opened = stream->open(); !opened) return opened.error();
    return std::unique_ptr<Stream>(std::move(stream));
}

Error unusable(std::string message) {
    return {Error::Kind::Unsupported, std::move(message), {}, {}};
}

} // namespace

Result<int> countDevices() {
    int count = 0;
    const cudaError_t code = cudaGetDeviceCount(&count);
    if (code == cudaErrorInsufficientDriver) {
        return unusable(fmt::format("the NVIDIA driver is too old for CUDA {}.{}, or there is none",
                                    CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10));
    }
    if (code == cudaErrorNoDevice || (code == cudaSuccess && count == 0)) {
        return unusable("this machine has no NVIDIA graphics card that may be used");
    }
    if (code != cudaSuccess) return unusable(fmt::format("CUDA does not start: {}", cudaGetErrorString(code)));
    return count;
}

Result<std::shared_ptr<Device>> openDevice(int number) {
    cudaDeviceProp properties{};
    cudaError_t code = cudaGetDeviceProperties(&properties, number);
    if (code == cudaSuccess) code = cudaSetDevice(number);
    if (code != cudaSuccess) {
        return unusable(fmt::format("graphics card {} cannot be used: {}", number, cudaGetErrorString(code)));
    }
    if (const auto tried = static_cast<cudaError_t>(tryKernel()); tried != cudaSuccess) {
        static_cast<void>(cudaGetLastError());
        return unusable(fmt::format("this program was not built for {} (compute capability {}.{}): {}", properties.name,
                                    properties.major, properties.minor, cudaGetErrorString(tried)));
    }
    return std::shared_ptr<Device>(std::make_shared<CudaDevice>(number, properties.name));
}

} // namespace lazulite::compute::cuda
