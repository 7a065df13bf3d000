#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lazulite/core/axis.h"
#include "lazulite/core/block.h"
#include "lazulite/core/region.h"

namespace lazulite::ops {

/// Where z, y and x lie among an array's axes, to see its parts as volumes of rank 3. An axis that is missing has one
/// position.
class VolumeAxes {
public:
    /// Another axis may stand in z's place: then volumes are (t, y, x), say.
    explicit VolumeAxes(const Axes& axes, const std::string& firstAxis = "z");

    /// The index of z (0), y (1) or x (2).
    const std::optional<std::size_t>& operator[](std::size_t i) const { return axes_[i]; }
    bool isSpatial(std::size_t axis) const;

    /// The part of a region that lies in space, in rank 3.
    Region volumeOf(const Region& region) const;
    /// `region` with its part in space replaced.
    Region withVolume(const Region& region, const Region& volume) const;
    /// A block or destination that is one position wide along all other axes, as a volume.
    Block volumeOf(const Block& block) const;
    Destination volumeOf(const Destination& destination) const;

    /// Calls `visit` for each volume of a region, in order.
    void forEachVolume(const Region& region, const std::function<void(const Region&)>& visit) const;

private:
    Strides volumeOf(const Strides& strides) const;

    std::array<std::optional<std::size_t>, 3> axes_;
};

} // namespace lazulite::ops
