#include "lazulite/compute/backend.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <new>
#include <utility>

#include "lazulite/core/units.h"

namespace lazulite::compute {

namespace {

constexpr std::align_val_t kAlignment{64};

struct Active {
    std::mutex mutex;
    std::shared_ptr<Backend> backend = cpuBackend();
};

Active& active() {
    static Active instance;
    return instance;
}

} // namespace

Result<std::shared_ptr<std::byte>> scratchOf(const Context& context, std::uint64_t bytes) {
    if (context.scratch) return context.scratch(bytes);
    void* memory = ::operator new(bytes, kAlignment, std::nothrow);
    if (memory == nullptr) {
        return Error{Error::Kind::TooLarge, "there is no memory for " + bytesText(bytes) + " of scratch data", {}, {}};
    }
    return std::shared_ptr<std::byte>(static_cast<std::byte*>(memory),
                                      [](std::byte* data) { ::operator delete(data, kAlignment); });
}

Result<Intermediate> intermediateOf(const Context& context, DType type, const Region& region) {
    const Strides strides = rowMajorStrides(region.shape(), bytesPer(type));
    auto memory = scratchOf(context, static_cast<std::uint64_t>(region.elementCount()) * bytesPer(type));
    if (!memory) return memory.error();
    const auto mirror = std::make_shared<Mirror>(*memory);
    return Intermediate{{memory->get(), type, region, strides, mirror}, {*memory, type, region, strides, mirror}};
}

Result<std::shared_ptr<const std::byte>> keptOf(const Context& context, const std::string& name, std::uint64_t bytes,
                                                const Filler& make) {
    if (context.kept) return context.kept(name, bytes, make);
    auto memory = scratchOf(context, bytes);
    if (!memory) return memory.error();
    if (auto filled = make(memory->get()); !filled) return filled.error();
    return std::shared_ptr<const std::byte>(*memory);
}

void remark(const Context& context, const std::string& text) {
    if (context.remark) context.remark(text);
}

std::shared_ptr<Backend> activeBackend() {
    const std::lock_guard lock(active().mutex);
    return active().backend;
}

void setActiveBackend(std::shared_ptr<Backend> backend) {
    const std::lock_guard lock(active().mutex);
    active().backend = std::move(backend);
}

std::shared_ptr<Backend> chooseBackend(std::string_view choice) {
    if (choice != "auto" && choice != "cpu" && choice != "cuda") {
        throw Failure(fmt::format("there is no backend '{}'; choose auto, cpu or cuda", choice));
    }
    std::shared_ptr<Backend> chosen = cpuBackend();
    if (choice != "cpu") {
        const auto& cuda = cudaBackend();
        if (cuda) {
            chosen = *cuda;
        } else if (choice == "cuda") {
            spdlog::warn("computing on the processor: {}", cuda.error().message);
        } else {
            spdlog::debug("computing on the processor: {}", cuda.error().message);
        }
    }
    setActiveBackend(chosen);
    return chosen;
}

} // namespace lazulite::compute
