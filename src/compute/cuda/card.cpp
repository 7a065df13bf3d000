#include "card.h"

#include <fmt/format.h>

#include <utility>

namespace lazulite::compute::cuda {

/// An input, and where it is on the card.
struct Card::Operand {
    const Block& block;
    std::optional<DeviceCopy::Found> found;
    bool uploaded = false;
};

/// A by-product.
class Card::Kept final : public DeviceMemory::Holder {
public:
    explicit Kept(DeviceCopy::Buffer buffer) : buffer_(std::move(buffer)) {}

    DeviceCopy::Buffer buffer() const {
        const std::lock_guard lock(mutex_);
        return buffer_;
    }
    bool idle() const override {
        const std::unique_lock lock(mutex_, std::try_to_lock); // its user may be waiting for the memory's lock
        return lock.owns_lock() && buffer_.use_count() == 1;
    }
    void letGo() override {
        const std::lock_guard lock(mutex_);
        buffer_.reset();
    }

private:
    mutable std::mutex mutex_;
    DeviceCopy::Buffer buffer_;
};

DeviceArray arrayOf(std::byte* data, DType dtype, const Region& region, const Strides& strides) {
    DeviceArray array{.data = data, .dtype = dtype};
    for (std::size_t axis = 0; axis < region.rank(); ++axis) {
        array.begin.at(axis) = region[axis].begin;
        array.size.at(axis) = region[axis].size();
        array.strides.at(axis) = strides[axis];
    }
    return array;
}

DeviceArray packedArray(std::byte* data, DType dtype, const Region& region) {
    return arrayOf(data, dtype, region, rowMajorStrides(region.shape(), bytesPer(dtype)));
}

std::uint64_t bytesOfSums(const Box& box) {
    const Blocks blocks = summingBlocks(box);
    return static_cast<std::uint64_t>(blocks.columns * blocks.rows) * sizeof(Sums);
}

Result<std::vector<Sums>> fetchSums(Lane& lane, std::byte* found, const Box& box) {
    static_assert(sizeof(Sums) == 2 * sizeof(double));
    std::vector<Sums> sums(bytesOfSums(box) / sizeof(Sums));
    const Region region = Region::whole({1, static_cast<Index>(sums.size()), 2});
    const Destination to{reinterpret_cast<std::byte*>(sums.data()), DType::Float64, region,
                         rowMajorStrides(region.shape(), sizeof(double))};
    if (auto fetched = lane.download(packedArray(found, DType::Float64, region), to); !fetched) return fetched.error();
    return sums;
}

Card::Card(std::shared_ptr<Device> device, std::uint64_t limit)
    : device_(std::move(device)),
      memory_(DeviceMemory::create(device_, limit)),
      lanes_(std::make_shared<Lanes>(device_, kLanes)),
      downloadLanes_(std::make_shared<Lanes>(device_, kDownloadLanes)) {}

Result<void> Card::run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                       const Context& context) {
    auto lane = lanes_->take(context.stop);
    if (!lane) return lane.error();
    std::vector<Operand> operands;
    std::uint64_t bytes = DeviceMemory::capacityFor(output.bytes());
    for (const Block& input : inputs) {
        operands.push_back({input, find(input)});
        if (!operands.back().found) bytes += DeviceMemory::capacityFor(withoutRepeats(input).bytes());
    }
    auto reservation = memory_->reserve(bytes, context.stop);
    if (!reservation) return reservation.error();
    DeviceCopy::Buffer buffer;
    const auto result = start(**lane, kernel, operands, output, *reservation, buffer, context);
    const auto finished = (*lane)->stream().finish(); // before anything of it goes out of use
    if (!result) return result.error();
    if (!finished) return finished;
    if (context.kernelTime) context.kernelTime((*lane)->stream().kernelMilliseconds());
    keepUploaded(operands);
    return deliver(**lane, *result, std::move(buffer), output);
}

Result<void> Card::deliver(Lane& lane, const DeviceArray& array, DeviceCopy::Buffer buffer, const Destination& to) {
    if (!to.mirror) return lane.download(array, to);
    const auto copy = std::make_shared<DeviceCopy>(memory_, downloadLanes_, to, std::move(buffer));
    memory_->remember(copy);
    to.mirror->add(copy, true);
    return {};
}

std::optional<DeviceCopy::Found> Card::find(const Block& block) const {
    if (block.region().empty()) {
        return DeviceCopy::Found{arrayOf(nullptr, block.dtype(), block.region(), block.strides()), {}};
    }
    if (!block.mirror()) return std::nullopt;
    for (const std::shared_ptr<Mirror::Copy>& copy : block.mirror()->copies()) {
        const auto mine = std::dynamic_pointer_cast<DeviceCopy>(copy);
        if (!mine) continue;
        if (auto found = mine->find(block, *memory_)) {
            memory_->remember(mine);
            return found;
        }
    }
    return std::nullopt;
}

/// Asks for all copies and the kernel; the answer is where the result will be, in `buffer`.
Result<DeviceArray> Card::start(Lane& lane, const Kernel& kernel, std::span<Operand> operands,
                                const Destination& output, DeviceMemory::Reservation& reservation,
                                DeviceCopy::Buffer& buffer, const Context& context) {
    std::vector<DeviceArray> arrays;
    for (Operand& operand : operands) {
        if (!operand.found) {
            if (auto uploaded = upload(lane, operand, reservation, context); !uploaded) return uploaded.error();
        }
        arrays.push_back(operand.found->array);
    }
    auto allocated = allocate(output.bytes(), reservation);
    if (!allocated) return allocated.error();
    buffer = std::move(*allocated);
    const DeviceArray result = packedArray(buffer->data(), output.dtype, output.region);
    lane.stream().run(kernel, arrays, result);
    return result;
}

Result<void> Card::upload(Lane& lane, Operand& operand, DeviceMemory::Reservation& reservation,
                          const Context& context) {
    const Block& block = operand.block;
    if (auto settled = block.settle(); !settled) return settled;
    const Block once = withoutRepeats(block);
    auto buffer = allocate(once.bytes(), reservation);
    if (!buffer) return buffer.error();
    const Strides packed = packedStrides(once.shape(), block.strides(), bytesPer(block.dtype()));
    const DeviceArray array = arrayOf((*buffer)->data(), block.dtype(), block.region(), packed);
    operand.found = DeviceCopy::Found{array, std::move(*buffer)};
    operand.uploaded = true;
    return lane.upload(once, array, context.stop);
}

void Card::keepUploaded(std::span<Operand> operands) {
    for (const Operand& operand : operands) {
        if (!operand.uploaded || !operand.block.mirror()) continue;
        const auto copy = std::make_shared<DeviceCopy>(memory_, operand.block, operand.found->buffer);
        memory_->remember(copy);
        operand.block.mirror()->add(copy, false);
    }
}

Result<std::vector<Sums>> Card::sum(const SummingPass& pass, const Box& box, const std::stop_token& stop) {
    auto lane = lanes_->take(stop);
    if (!lane) return lane.error();
    auto reservation = memory_->reserve(DeviceMemory::capacityFor(bytesOfSums(box)), stop);
    if (!reservation) return reservation.error();
    const auto found = allocate(bytesOfSums(box), *reservation);
    if (!found) return found.error();
    (*lane)->stream().sum(pass, reinterpret_cast<Sums*>((*found)->data()));
    return fetchSums(**lane, (*found)->data(), box);
}

Result<DeviceCopy::Buffer> Card::allocate(std::uint64_t bytes, DeviceMemory::Reservation& reservation) const {
    if (auto buffer = memory_->allocate(bytes, reservation)) return buffer;
    return Error{Error::Kind::TooLarge, fmt::format("{} has no memory left", device_->name()), {}, {}};
}

DeviceCopy::Buffer Card::kept(const std::string& name) {
    std::shared_ptr<Kept> found;
    {
        const std::lock_guard lock(keptMutex_);
        const auto place = kept_.find(name);
        if (place == kept_.end()) return nullptr;
        found = place->second;
    }
    DeviceCopy::Buffer buffer = found->buffer();
    if (buffer) memory_->remember(found);
    return buffer;
}

void Card::keep(const std::string& name, DeviceCopy::Buffer buffer) {
    const auto kept = std::make_shared<Kept>(std::move(buffer));
    {
        const std::lock_guard lock(keptMutex_);
        std::erase_if(kept_, [](const auto& entry) { return !entry.second->buffer(); });
        kept_[name] = kept;
    }
    memory_->remember(kept);
}

} // namespace lazulite::compute::cuda
