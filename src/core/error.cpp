#include "lazulite/core/error.h"

#include <fmt/format.h>

namespace lazulite {

std::string Error::text() const {
    if (path.empty()) return message;
    if (!page) return fmt::format("{}: {}", path, message);
    return fmt::format("{}, page {}: {}", path, *page, message);
}

} // namespace lazulite
