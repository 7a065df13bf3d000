#pragma once

#include <string>

#include "lazulite/compute/backend.h"

/// How the program and its CUDA module meet. The module is a shared library that the program opens at run time, so that
/// one program starts on machines with and without a driver.
namespace lazulite::compute::cuda {

constexpr const char* kModuleFile = "lazulite-cuda.so";

/// Names a module's file in place of the one that belongs to the program.
constexpr const char* kModuleVariable = "LAZULITE_CUDA_MODULE";

/// What both sides must have been built alike with: C++ objects are handed over.
inline std::string moduleVersion() {
    return std::string(LAZULITE_VERSION) + " with " + std::to_string(std::variant_size_v<Kernel>) + " kernels of " +
           std::to_string(sizeof(Kernel)) + " bytes, compiler " + __VERSION__;
}

/// The module's two functions: its moduleVersion(), and its backend (or in `reason` why there is none).
using VersionFunction = const char*();
using OpenFunction = std::shared_ptr<Backend>*(std::string* reason);
constexpr const char* kVersionFunction = "lazuliteCudaVersion";
constexpr const char* kOpenFunction = "lazuliteCudaOpen";

/// Loads a module and opens its backend; the error says what is missing.
Result<std::shared_ptr<Backend>> openModule(const std::string& path);

} // namespace lazulite::compute::cuda
