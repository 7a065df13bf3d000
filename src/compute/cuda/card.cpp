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

namespace {

/// Counts a computation for as long as it takes.
class Counted {
public:
    explicit Counted(std::atomic<int>& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::atomic<int>& count_;
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

} // namespace

Card::Card(std::shared_ptr<Device> device, std::uint64_t limit)
    : device_(std::move(device)),
      memory_(DeviceMemory::create(device_, limit)),
      lanes_(std::make_shared<Lanes>(device_, kLanes)),
      downloadLanes_(std::make_shared<Lanes>(device_, kDownloadLanes)) {}

Result<void> Card::run(const Kernel& kernel, std::span<const Block> inputs, const Destination& output,
                       const Context& context) {
    const Counted counted(load_);
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
    if (!output.mirror) return (*lane)->download(*result, output);
    const auto copy = std::make_shared<DeviceCopy>(memory_, downloadLanes_, output, std::move(buffer));
    memory_->remember(copy);
    output.mirror->add(copy, true);
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
    const Strides packed = rowMajorStrides(output.region.shape(), bytesPer(output.dtype));
    const DeviceArray result = arrayOf(buffer->data(), output.dtype, output.region, packed);
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

Result<DeviceCopy::Buffer> Card::allocate(std::uint64_t bytes, DeviceMemory::Reservation& reservation) {
    if (auto buffer = memory_->allocate(bytes, reservation)) return buffer;
    return Error{Error::Kind::TooLarge, fmt::format("{} has no memory left", device_->name()), {}, {}};
}

} // namespace lazulite::compute::cuda
