#pragma once

#include <vector>

#include "series/name_reader.h"
#include "series/name_shapes.h"

namespace lazulite::io::series {

/// What each field of an alignment stands for, from the words around it in the reference shape and from its texts.
std::vector<NameField> fieldRoles(const std::vector<NameShape>& shapes, const Alignment& alignment);

} // namespace lazulite::io::series
