#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "device_copy.h"
#include "device_memory.h"
#include "lane.h"
#include "lazulite/compute/context.h"

namespace lazulite::compute::cuda {

/// A graphics card at work: its device, its memory and its lanes. Thread-safe.
class Card {
public:
    /// Uses at most `limit` bytes of the card.
    Card(std::shared_ptr<Device> device, std::uint64_t limit);

    const Device& device() const { return *device_; }
    DeviceMemory::Usage memory() const { return memory_->usage(); }
    /// How many computations are running or waiting.
    int load() const { return load_.load(std::memory_order_relaxed); }
    /// Whether it holds all values of a block.
    bool holds(const Block& block) const { return find(block).has_value(); }

    /// Runs a kernel. Inputs that the card holds are not uploaded, others stay on it for the next kernel; the output
    /// stays too and is brought into its buffer when somebody looks at it. (Both only where there is a mirror that
    /// remembers them.) Errors: TooLarge where they do not fit the card's memory together; nothing has been written
    /// then.
    Result<void> run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                     const Context& context);

private:
    struct Operand;

    std::optional<DeviceCopy::Found> find(const Block& block) const;
    Result<DeviceArray> start(Lane& lane, const Kernel& kernel, std::span<Operand> operands, const Destination& output,
                              DeviceMemory::Reservation& reservation, DeviceCopy::Buffer& result,
                              const Context& context);
    Result<void> upload(Lane& lane, Operand& operand, DeviceMemory::Reservation& reservation, const Context& context);
    void keepUploaded(std::span<Operand> operands);
    Result<DeviceCopy::Buffer> allocate(std::uint64_t bytes, DeviceMemory::Reservation& reservation);

    static constexpr std::size_t kLanes = 3;
    static constexpr std::size_t kDownloadLanes = 2;

    std::shared_ptr<Device> device_;
    std::shared_ptr<DeviceMemory> memory_;
    std::shared_ptr<Lanes> lanes_;         ///< of computations
    std::shared_ptr<Lanes> downloadLanes_; ///< of those who look at results; a computation may wait for them
    std::atomic<int> load_ = 0;
};

} // namespace lazulite::compute::cuda
