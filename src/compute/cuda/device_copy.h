#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "device_memory.h"
#include "lane.h"
#include "lazulite/core/block.h"
#include "lazulite/core/mirror.h"

namespace lazulite::compute::cuda {

/// What a card holds of the values of a buffer (of rank 3), densely packed: they were uploaded from there, or made on
/// the card and not brought there yet. Thread-safe.
class DeviceCopy final : public Mirror::Copy, public DeviceMemory::Holder {
public:
    using Buffer = std::shared_ptr<DeviceMemory::Buffer>;

    /// Of what was uploaded from a block.
    DeviceCopy(std::shared_ptr<DeviceMemory> memory, const Block& block, Buffer buffer);
    /// Of what was made on the card for a destination, which has a mirror. Downloads by one of these lanes.
    DeviceCopy(std::shared_ptr<DeviceMemory> memory, std::shared_ptr<Lanes> lanes, const Destination& destination,
               Buffer buffer);

    struct Found {
        DeviceArray array;
        Buffer buffer; ///< keeps the array's memory
    };
    /// A block on that card; nothing where this copy lacks some of it.
    std::optional<Found> find(const Block& block, const DeviceMemory& card) const;

    Result<void> fetch() override;
    bool gone() const override;
    bool idle() const override;
    void letGo() override;

private:
    Result<void> fetchLocked();

    std::shared_ptr<DeviceMemory> memory_;
    std::shared_ptr<Lanes> lanes_;
    const std::byte* address_; ///< of the first element in the buffer
    DType dtype_;
    Shape shape_;
    Strides strides_; ///< in the buffer
    mutable std::mutex mutex_;
    Buffer buffer_;                         ///< null once it was let go
    std::optional<Destination> ahead_;      ///< what has still to be filled
    std::weak_ptr<const std::byte> filled_; ///< the buffer behind it
};

/// The strides of a densely packed array of this shape. A stride of 0 stays one: there elements are repeated.
Strides packedStrides(const Shape& shape, const Strides& strides, std::size_t elementBytes);

/// The block without repetitions: one element where the stride is 0.
Block withoutRepeats(const Block& block);

} // namespace lazulite::compute::cuda
