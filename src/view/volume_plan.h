#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "slice_request.h"

namespace lazulite::view {

/// x, y, z of a volume: what lies along the column, row and depth axis.
using Triple = std::array<std::int64_t, 3>;

/// The volumes of some channels at one position.
struct VolumeTarget {
    PlaneTarget plane;         ///< the array, its position and order; `visible` tells how many channels there would be
    std::vector<int> channels; ///< which are loaded: the first visible ones, at most kMostChannels
    int textureLimit = 0;      ///< voxels; 0 where it is not known

    static constexpr std::size_t kMostChannels = 4;

    static VolumeTarget of(PlaneTarget plane, int textureLimit);
    bool sameVolume(const VolumeTarget& other) const;
    /// The array's axis along x, y or z; nothing along z where the array has no depth.
    std::optional<std::size_t> axis(std::size_t direction) const;
    std::vector<std::int64_t> problemPosition(std::size_t channel) const;
};

/// How a volume is sampled: each of its voxels is the maximum of factor[0] x factor[1] x factor[2] voxels of the array,
/// and along the slow direction only every stride-th plane is taken.
struct VolumeGrid {
    Triple factor{1, 1, 1};
    std::int64_t stride = 1;
    Triple size{};
    std::array<double, 3> spacing{};

    bool operator==(const VolumeGrid&) const = default;
};

/// What to load for a target, in what type and size, so that it fits the graphics card and the memory.
struct VolumePlan {
    Triple source{};             ///< voxels of the array
    std::size_t slow = 2;        ///< the direction along which the array is stored slowest: 0, 1, 2 for x, y, z
    DType dtype = DType::UInt16; ///< uint8 and uint16 stay; everything else becomes float32
    VolumeGrid full;
    std::optional<VolumeGrid> coarse; ///< a first picture of few planes, where the whole takes long
    std::string notice;

    std::uint64_t bytes(const VolumeGrid& grid, std::size_t channels) const;
};

/// `memoryLimit`: of the executor's budget; a volume takes at most a quarter of it.
VolumePlan planVolume(const VolumeTarget& target, std::uint64_t memoryLimit);

} // namespace lazulite::view
