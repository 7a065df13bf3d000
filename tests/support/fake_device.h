#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "cuda/card.h"
#include "cuda/device_backend.h"
#include "lazulite/compute/backend.h"

namespace lazulite::testing {

/// Does what the threads of a card would do.
void runOnThreads(const compute::Kernel& kernel, std::span<const compute::cuda::DeviceArray> inputs,
                  const compute::cuda::DeviceArray& output);

void runOnThreads(const compute::cuda::Pass& pass);
void sumOnThreads(const compute::cuda::SummingPass& pass, compute::cuda::Sums* found);
/// A transform of a volume in place, as a card's library does it.
void transformOnGrid(std::byte* volume, const compute::Size3& grid, bool forward);

/// A graphics card of ordinary memory, whose threads run one after the other. Its streams do nothing until somebody
/// waits for them, as late as a real card might, so that memory that is used again too early is noticed.
class FakeDevice final : public compute::cuda::Device {
public:
    explicit FakeDevice(std::uint64_t bytes, std::string name = "fake card") : bytes_(bytes), name_(std::move(name)) {}
    ~FakeDevice() override { EXPECT_TRUE(memory_.empty()) << "memory of the card was not released"; }

    std::string name() const override { return name_; }
    std::uint64_t freeBytes() const override { return bytes_; }
    std::uint64_t pieceBytes() const override { return 4096; }
    bool lost() const override { return lost_; }

    std::byte* allocate(std::uint64_t bytes) override {
        const std::lock_guard lock(mutex_);
        if (taken_ + bytes > bytes_) return nullptr;
        taken_ += bytes;
        auto memory = std::make_unique<std::byte[]>(bytes);
        std::memset(memory.get(), 0xEE, bytes);
        std::byte* data = memory.get();
        memory_[data] = {std::move(memory), bytes};
        return data;
    }
    void release(std::byte* data) override {
        const std::lock_guard lock(mutex_);
        taken_ -= memory_.at(data).second;
        memory_.erase(data);
    }
    std::shared_ptr<std::byte> pinned(std::uint64_t bytes) override {
        const std::shared_ptr<std::byte[]> memory(new std::byte[bytes]);
        return {memory, memory.get()};
    }
    Result<std::unique_ptr<compute::cuda::Stream>> makeStream() override {
        if (lost_) return failure();
        return std::unique_ptr<compute::cuda::Stream>(std::make_unique<FakeStream>(*this));
    }

    std::uint64_t estimatedTransformBytes(const compute::Size3&) const override { return kTransformBytes; }

    /// From now on nothing works.
    void lose() { lost_ = true; }
    /// Called before every kernel.
    std::function<void()> onKernel{};

    std::atomic<std::uint64_t> bytesUploaded = 0;
    std::atomic<std::uint64_t> bytesDownloaded = 0;
    std::atomic<int> kernels = 0;
    std::atomic<int> transforms = 0;

private:
    static constexpr std::uint64_t kTransformBytes = 1000;

    class FakeStream final : public compute::cuda::Stream {
    public:
        explicit FakeStream(FakeDevice& device) : device_(device) {}

        void upload(std::byte* to, const std::byte* from, std::uint64_t bytes) override {
            work_.push_back([this, to, from, bytes] {
                std::memcpy(to, from, bytes);
                device_.bytesUploaded += bytes;
            });
        }
        void download(std::byte* to, const std::byte* from, std::uint64_t bytes) override {
            work_.push_back([this, to, from, bytes] {
                std::memcpy(to, from, bytes);
                device_.bytesDownloaded += bytes;
            });
        }
        void run(const compute::Kernel& kernel, std::span<const compute::cuda::DeviceArray> inputs,
                 const compute::cuda::DeviceArray& output) override {
            work_.push_back([this, kernel, arrays = std::vector(inputs.begin(), inputs.end()), output] {
                if (device_.onKernel) device_.onKernel();
                ++device_.kernels;
                runOnThreads(kernel, arrays, output);
            });
        }

        void run(const compute::cuda::Pass& pass) override {
            work_.push_back([this, pass] {
                if (device_.onKernel) device_.onKernel();
                runOnThreads(pass);
            });
        }
        void sum(const compute::cuda::SummingPass& pass, compute::cuda::Sums* found) override {
            work_.push_back([pass, found] { sumOnThreads(pass, found); });
        }
        void transform(std::byte* volume, const compute::Size3& grid, std::byte* work) override {
            work_.push_back([this, volume, grid, work] {
                ++device_.transforms;
                std::memset(work, 0xDD, kTransformBytes);
                transformOnGrid(volume, grid, true);
            });
        }
        void transformBack(std::byte* volume, const compute::Size3& grid, std::byte* work) override {
            work_.push_back([this, volume, grid, work] {
                ++device_.transforms;
                std::memset(work, 0xDD, kTransformBytes);
                transformOnGrid(volume, grid, false);
            });
        }
        Result<std::uint64_t> transformBytes(const compute::Size3&) override { return kTransformBytes; }

        void mark(std::size_t number) override { marks_[number] = done_ + work_.size(); }
        Result<void> reach(std::size_t number) override { return runUntil(marks_[number]); }
        double kernelMilliseconds() override { return 0; }
        Result<void> finish() override { return runUntil(done_ + work_.size()); }

    private:
        Result<void> runUntil(std::size_t end) {
            while (done_ < end) {
                if (!device_.lost_) work_.front()();
                work_.pop_front();
                ++done_;
            }
            if (device_.lost_) return failure();
            return {};
        }

        FakeDevice& device_;
        std::deque<std::function<void()>> work_;
        std::map<std::size_t, std::size_t> marks_;
        std::size_t done_ = 0;
    };

    static Error failure() { return {Error::Kind::Device, "the fake card is lost", {}, {}}; }

    std::uint64_t bytes_;
    std::string name_;
    std::mutex mutex_;
    std::uint64_t taken_ = 0;
    std::map<std::byte*, std::pair<std::unique_ptr<std::byte[]>, std::uint64_t>> memory_;
    std::atomic<bool> lost_ = false;
};

/// A backend of fake cards.
inline std::shared_ptr<compute::Backend> backendOf(const std::vector<std::shared_ptr<FakeDevice>>& devices) {
    std::vector<std::shared_ptr<compute::cuda::Card>> cards;
    for (const auto& device : devices)
        cards.push_back(std::make_shared<compute::cuda::Card>(device, device->freeBytes()));
    return std::make_shared<compute::cuda::DeviceBackend>(std::move(cards));
}

} // namespace lazulite::testing
