#include "module.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace lazulite::compute {

namespace cuda {
namespace {

namespace fs = std::filesystem;

Error missing(std::string message) {
    return {Error::Kind::Unsupported, std::move(message), {}, {}};
}

/// Beside the program, as it is built, or where it is installed.
std::string moduleOfProgram() {
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const fs::path& folder : {program, program.parent_path() / LAZULITE_MODULES}) {
        if (fs::path file = folder / kModuleFile; fs::exists(file, ignored)) return file.string();
    }
    return {};
}

Result<std::shared_ptr<Backend>> findBackend() {
    const char* named = std::getenv(kModuleVariable);
    const std::string path = named != nullptr ? named : moduleOfProgram();
    if (path.empty()) return missing("this program was built without CUDA");
    // The module needs libraries that weigh 300 MB, so the driver is looked for first.
    void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY);
    if (driver == nullptr) return missing("this machine has no NVIDIA driver");
    auto backend = openModule(path);
    ::dlclose(driver);
    return backend;
}

} // namespace

Result<std::shared_ptr<Backend>> openModule(const std::string& path) {
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL); // for ever: the backend's code lies in it
    if (module == nullptr) return missing(fmt::format("the CUDA module cannot be loaded: {}", ::dlerror()));
    const auto version = reinterpret_cast<VersionFunction*>(::dlsym(module, kVersionFunction));
    const auto open = reinterpret_cast<OpenFunction*>(::dlsym(module, kOpenFunction));
    if (version == nullptr || open == nullptr) return missing(fmt::format("{} is no CUDA module of Lazulite", path));
    if (const std::string theirs = version(); theirs != moduleVersion()) {
        return missing(fmt::format("{} belongs to another Lazulite ({}, this is {}); install both anew", path, theirs,
                                   moduleVersion()));
    }
    std::string reason;
    const std::unique_ptr<std::shared_ptr<Backend>> backend(open(&reason));
    if (!backend) return missing(reason);
    return *backend;
}

} // namespace cuda

const Result<std::shared_ptr<Backend>>& cudaBackend() {
    static const Result<std::shared_ptr<Backend>> backend = cuda::findBackend();
    return backend;
}

} // namespace lazulite::compute
