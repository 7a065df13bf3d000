#include "lazulite/core/source.h"

namespace lazulite {

ReadCounts& ReadCounts::operator+=(const ReadCounts& other) {
    filesOpened += other.filesOpened;
    pagesRead += other.pagesRead;
    bytesRead += other.bytesRead;
    return *this;
}

} // namespace lazulite
