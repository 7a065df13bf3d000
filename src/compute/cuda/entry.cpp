#include <spdlog/spdlog.h>

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "cuda_device.h"
#include "device_backend.h"
#include "module.h"

/// The module's side of module.h.
namespace lazulite::compute::cuda {

namespace {

constexpr double kShareOfFreeMemory = 0.8; ///< the desktop, and what the runtime takes for itself, need some

Result<std::shared_ptr<Backend>> open() {
    const auto count = countDevices();
    if (!count) return count.error();
    std::vector<std::shared_ptr<Card>> cards;
    Error reason;
    for (int number = 0; number < *count; ++number) {
        auto device = openDevice(number);
        if (!device) {
            reason = device.error();
            spdlog::debug(reason.message);
            continue;
        }
        const auto free = static_cast<double>((*device)->freeBytes());
        cards.push_back(std::make_shared<Card>(*device, static_cast<std::uint64_t>(kShareOfFreeMemory * free)));
    }
    if (cards.empty()) return reason;
    return std::shared_ptr<Backend>(std::make_shared<DeviceBackend>(std::move(cards)));
}

} // namespace

extern "C" [[gnu::visibility("default")]] const char* lazuliteCudaVersion() {
    static const std::string version = moduleVersion();
    return version.c_str();
}

extern "C" [[gnu::visibility("default")]] std::shared_ptr<Backend>* lazuliteCudaOpen(std::string* reason) {
    try {
        auto backend = open();
        if (backend) return std::make_unique<std::shared_ptr<Backend>>(*backend).release();
        *reason = backend.error().message;
    } catch (const std::exception& failure) {
        *reason = failure.what();
    }
    return nullptr;
}

} // namespace lazulite::compute::cuda
