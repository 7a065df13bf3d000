#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
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
    DeviceMemory& memory() const { return *memory_; }
    /// How many computations are running or waiting.
    int load() const { return lanes_->load(); }

    /// Runs a kernel. Inputs that the card holds are not uploaded, others stay on it for the next kernel; the output
    /// stays too and is brought into its buffer when somebody looks at it. (Both only where there is a mirror that
    /// remembers them.) Errors: TooLarge where they do not fit the card's memory together; nothing has been written
    /// then.
    Result<void> run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                     const Context& context);

    /// What the blocks of threads of a summing pass over a box of the card's memory have found.
    Result<std::vector<Sums>> sum(const SummingPass& pass, const Box& box, const std::stop_token& stop);

    /// For a computation of several steps. Memory is reserved after the lane is taken, all at once: so nobody waits for
    /// somebody who waits.
    Result<Lanes::Taken> takeLane(const std::stop_token& stop) { return lanes_->take(stop); }
    /// A block's values, where the card holds all of them.
    std::optional<DeviceCopy::Found> find(const Block& block) const;
    /// Leaves a destination's values on the card, densely packed in `buffer`, where there is a mirror, else brings them
    /// there now. Work on them must be done.
    Result<void> deliver(Lane& lane, const DeviceArray& array, DeviceCopy::Buffer buffer, const Destination& to);
    /// A buffer of that size; TooLarge where the card has less than was promised.
    Result<DeviceCopy::Buffer> allocate(std::uint64_t bytes, DeviceMemory::Reservation& reservation) const;

    /// By-products that others will want too, such as an OTF, while there is memory for them; null where there is none
    /// of that name.
    DeviceCopy::Buffer kept(const std::string& name);
    void keep(const std::string& name, DeviceCopy::Buffer buffer);

private:
    struct Operand;
    class Kept;

    Result<DeviceArray> start(Lane& lane, const Kernel& kernel, std::span<Operand> operands, const Destination& output,
                              DeviceMemory::Reservation& reservation, DeviceCopy::Buffer& result,
                              const Context& context);
    Result<void> upload(Lane& lane, Operand& operand, DeviceMemory::Reservation& reservation, const Context& context);
    void keepUploaded(std::span<Operand> operands);

    static constexpr std::size_t kLanes = 3;
    static constexpr std::size_t kDownloadLanes = 2;

    std::shared_ptr<Device> device_;
    std::shared_ptr<DeviceMemory> memory_;
    std::shared_ptr<Lanes> lanes_;         ///< of computations
    std::shared_ptr<Lanes> downloadLanes_; ///< of those who look at results; a computation may wait for them
    std::mutex keptMutex_;
    std::map<std::string, std::shared_ptr<Kept>> kept_;
};

/// What the blocks of threads of a summing pass over a box have found, from the card; waits for it.
Result<std::vector<Sums>> fetchSums(Lane& lane, std::byte* found, const Box& box);
std::uint64_t bytesOfSums(const Box& box);

/// A densely packed array, or one with these strides.
DeviceArray arrayOf(std::byte* data, DType dtype, const Region& region, const Strides& strides);
DeviceArray packedArray(std::byte* data, DType dtype, const Region& region);

} // namespace lazulite::compute::cuda
