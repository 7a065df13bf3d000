#pragma once

#include <cstddef>
#include <cstdint>

namespace lazulite::pipeline {

constexpr std::int64_t kConfigVersion = 1;        ///< of the format of configs
constexpr std::size_t kLargestConfig = 1'000'000; ///< bytes; what is larger is some other file

} // namespace lazulite::pipeline
