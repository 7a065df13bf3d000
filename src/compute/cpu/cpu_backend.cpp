#include <fmt/format.h>

#include <thread>

#include "launches.h"
#include "lazulite/compute/backend.h"
#include "light.h"
#include "richardson_lucy.h"

namespace lazulite::compute {

namespace {

class CpuBackend final : public Backend {
public:
    std::string name() const override { return "cpu"; }
    std::string description() const override {
        return fmt::format("{} cores", std::max(1U, std::thread::hardware_concurrency()));
    }

    /// Several cores work on a volume well together, and the first volume is there sooner; many do better apart.
    int volumesAtOnce() const override {
        constexpr unsigned kCoresOfOne = 8;
        return static_cast<int>(std::max(1U, std::thread::hardware_concurrency() / kCoresOfOne));
    }

    Result<void> run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                     const Context& context) override {
        for (const Block& input : inputs) {
            if (auto settled = input.settle(); !settled) return settled;
        }
        return std::visit([&](const auto& chosen) { return cpu::launch(chosen, inputs, output, context); }, kernel);
    }

    Result<Light> lightOf(const Block& image, double background, const Context& context) override {
        if (auto settled = image.settle(); !settled) return settled.error();
        return cpu::lightOf(image, background, context.stop);
    }

    Result<std::unique_ptr<Deconvolver>> deconvolver(const Block&, const Blur& blur, const RichardsonLucy& options,
                                                     const Size3& window, const Size3& grid,
                                                     const Context& context) override {
        auto made = std::make_unique<cpu::CpuDeconvolver>(blur, options, window, grid, context);
        if (auto prepared = made->prepare(); !prepared) return prepared.error();
        return std::unique_ptr<Deconvolver>(std::move(made));
    }

    DeconvolverMemory deconvolverMemory(const RichardsonLucy& options, const Size3&, const Size3& grid) const override {
        return {.buffers = cpu::CpuDeconvolver::buffers(options, grid)};
    }
};

} // namespace

const std::shared_ptr<Backend>& cpuBackend() {
    static const std::shared_ptr<Backend> backend = std::make_shared<CpuBackend>();
    return backend;
}

} // namespace lazulite::compute
