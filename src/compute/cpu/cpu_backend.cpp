#include <fmt/format.h>

#include <thread>

#include "launches.h"
#include "lazulite/compute/backend.h"

namespace lazulite::compute {

namespace {

class CpuBackend final : public Backend {
public:
    std::string name() const override { return "cpu"; }
    std::string description() const override {
        return fmt::format("{} cores", std::max(1U, std::thread::hardware_concurrency()));
    }

    Result<void> run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                     const Context& context) override {
        return std::visit([&](const auto& chosen) { return cpu::launch(chosen, inputs, output, context); }, kernel);
    }
};

} // namespace

const std::shared_ptr<Backend>& cpuBackend() {
    static const std::shared_ptr<Backend> backend = std::make_shared<CpuBackend>();
    return backend;
}

} // namespace lazulite::compute
