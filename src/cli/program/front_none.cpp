#include "front.h"

namespace lazulite {

cli::Front makeFront() {
    return {};
}

} // namespace lazulite
