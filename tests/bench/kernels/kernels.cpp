// How fast kernels run on the processor, beside a copy of as many bytes by as many cores in the same run. Memory is
// used again, not touched for the first time. Prints one JSON line a figure. --only WORD measures the kernels with that
// word in their name.
#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "lazulite/compute/backend.h"
#include "lazulite/compute/statistics.h"

namespace {

using namespace lazulite;
using namespace lazulite::compute;

constexpr int kLeastRounds = 5;
constexpr double kSeconds = 0.6; ///< that a kernel is measured for

std::string only; ///< part of the names of what is measured

void print(const std::string& name, double value, const char* unit) {
    fmt::print("{{\"bench\":\"kernels\",\"name\":\"{}\",\"value\":{:.4g},\"unit\":\"{}\"}}\n", name, value, unit);
    std::fflush(stdout);
}

double cpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The best of some rounds, in seconds.
struct Time {
    double wall = std::numeric_limits<double>::infinity();
    double cpu =
        std::numeric_limits<double>::infinity(); ///< of all cores; hardly changed by what else the machine does

    void add(const std::function<void()>& round) {
        const auto begin = std::chrono::steady_clock::now();
        const double cpuBegin = cpuSeconds();
        round();
        cpu = std::min(cpu, cpuSeconds() - cpuBegin);
        wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
};

/// Memory for a block, touched.
class Memory {
public:
    Memory(DType type, const Shape& shape)
        : type_(type),
          region_(Region::whole(shape)),
          bytes_(static_cast<std::size_t>(region_.elementCount()) * bytesPer(type)),
          data_(std::make_shared<std::byte[]>(bytes_)) {
        std::memset(data_.get(), 0, bytes_);
    }

    std::byte* data() { return data_.get(); }
    std::size_t bytes() const { return bytes_; }
    Block block() const { return {std::shared_ptr<const std::byte>(data_, data_.get()), type_, region_}; }
    Destination destination() { return {data(), type_, region_, rowMajorStrides(region_.shape(), bytesPer(type_))}; }

    Memory& fill() {
        std::mt19937 random(1);
        for (std::size_t i = 0; i < bytes_ / 2; ++i) {
            const auto value = static_cast<std::uint16_t>(100 + random() % 900);
            std::memcpy(data() + 2 * i, &value, 2);
        }
        return *this;
    }

private:
    DType type_;
    Region region_;
    std::size_t bytes_;
    std::shared_ptr<std::byte[]> data_;
};

void copyOnAllCores(std::byte* to, const std::byte* from, std::size_t bytes) {
    constexpr std::size_t kPiece = std::size_t{1} << 18U;
    oneapi::tbb::parallel_for(std::size_t{0}, (bytes + kPiece - 1) / kPiece, [&](std::size_t i) {
        std::memcpy(to + i * kPiece, from + i * kPiece, std::min(kPiece, bytes - i * kPiece));
    });
}

/// A computation beside a copy of half of all the bytes that it reads and writes (a copy touches its bytes twice).
void measure(const std::string& name, std::size_t bytes, const std::function<void()>& compute) {
    if (name.find(only) == std::string::npos) return;
    Memory from(DType::UInt8, {static_cast<std::int64_t>(bytes / 2)});
    Memory to(DType::UInt8, {static_cast<std::int64_t>(bytes / 2)});
    Time ours;
    Time copied;
    const auto begin = std::chrono::steady_clock::now();
    const auto took = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
    for (int round = 0; round < kLeastRounds || took() < kSeconds; ++round) {
        copied.add([&] { copyOnAllCores(to.data(), from.data(), bytes / 2); });
        ours.add(compute);
    }
    const double gigabytes = static_cast<double>(bytes) / 1e9;
    print(name, gigabytes / ours.wall, "GB/s");
    print(name + "_copy", gigabytes / copied.wall, "GB/s");
    print(name + "_by_copy", copied.wall / ours.wall, "ratio");
    print(name + "_cpu_by_copy", copied.cpu / ours.cpu, "ratio");
}

void measure(const std::string& name, const Kernel& kernel, const std::vector<Block>& inputs, Memory& out,
             std::size_t bytesIn) {
    measure(name, bytesIn + out.bytes(), [&] { cpuBackend()->run(kernel, inputs, out.destination(), {}).orThrow(); });
}

/// (ch1 - 100) / max(ch0 - 100, 1)
Expression ratio() {
    Expression expression;
    expression.constants = {100, 1};
    expression.code = {{{Opcode::Subtract, 1, 2, 1, 4},
                        {Opcode::Subtract, 0, 2, 0, 5},
                        {Opcode::Max, 5, 3, 5, 6},
                        {Opcode::Divide, 4, 6, 4, 7}}};
    expression.instructionCount = 4;
    expression.inputCount = 2;
    expression.constantCount = 2;
    expression.slotCount = 8;
    return expression;
}

void measureSize(const Shape& shape) {
    const std::string size = fmt::format("_{}x{}x{}", shape[0], shape[1], shape[2]);
    Memory raw(DType::UInt16, shape);
    const Block in = raw.fill().block();

    const double angle = 31.5 * std::numbers::pi / 180;
    Deskew deskew{.step = std::cos(angle) * 0.4 / 0.104, .planes = shape[0], .columns = shape[2]};
    deskew.width = shape[2] + static_cast<Index>(static_cast<double>(shape[0]) * deskew.step);
    Memory wide(DType::UInt16, {shape[0], shape[1], deskew.width});
    measure("deskew" + size, deskew, {in}, wide, raw.bytes());

    Memory same(DType::UInt16, shape);
    Memory floats(DType::Float32, shape);
    const Rescale rescale{.gain = 1.5, .offset = -20, .low = 0, .high = 4000};
    measure("rescale" + size, rescale, {in}, same, raw.bytes());
    measure("rescale_to_float32" + size, rescale, {in}, floats, raw.bytes());
    measure("rescale_float32" + size, rescale, {floats.block()}, floats, floats.bytes());
    // Images are a plane that is repeated.
    Memory plane(DType::UInt16, {1, shape[1], shape[2]});
    Memory gains(DType::Float32, {1, shape[1], shape[2]});
    const auto repeated = [&](const Block& image) {
        return image.relabelled(in.region(), {0, image.strides()[1], image.strides()[2]});
    };
    const Block dark = repeated(plane.fill().block());
    cpuBackend()->run(rescale, {&dark, 1}, gains.destination(), {}).orThrow();
    const Block flat = repeated(gains.block());
    measure("subtract" + size, Subtract{0}, {in, dark}, same, raw.bytes());
    measure("flat_field" + size, FlatField{1480}, {in, flat, dark}, same, raw.bytes());
    measure("camera" + size, Camera{}, {in, dark, flat}, same, raw.bytes());
    measure("camera_residual" + size, CameraResidual{}, {in, dark, flat, in, flat, flat}, same, raw.bytes());

    measure("math_ratio" + size, ratio(), {in, in}, floats, 2 * raw.bytes());
    measure("moments" + size, raw.bytes(), [&] { momentsOf(in, {}); });
    measure("moments_float32" + size, floats.bytes(), [&] { momentsOf(floats.block(), {}); });
    measure("percentile" + size, raw.bytes(), [&] { percentileOf(in, 50, {}); });
    measure("percentile_float32" + size, floats.bytes(), [&] { percentileOf(floats.block(), 50, {}); });

    const Window whole{Span::same(shape[0]), Span::same(shape[1]), Span::same(shape[2])};
    const auto along = [&](std::size_t axis, const Span& span) {
        Window window = whole;
        (axis == 0 ? window.z : axis == 1 ? window.y : window.x) = span;
        return window;
    };
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::string name = axis == 0 ? "_z" : axis == 1 ? "_y" : "_x";
        Shape flattened = shape;
        flattened[axis] = 1;
        Memory projection(DType::UInt16, flattened);
        Memory mean(DType::Float32, flattened);
        const Window window = along(axis, Span::range(0, shape[axis], shape[axis]));
        measure("max" + name + size, Reduce<Max>{window}, {in}, projection, raw.bytes());
        measure("mean" + name + size, Reduce<Mean>{window}, {in}, mean, raw.bytes());
        measure("median" + name + size, Median{window}, {in}, projection, raw.bytes());
        const Reduce<Gaussian> gaussian{along(axis, Span::around(6, shape[axis])), {1.5, 6}};
        measure("gaussian" + name + size, gaussian, {in}, floats, raw.bytes());
    }
    const Window around{Span::around(1, shape[0]), Span::around(1, shape[1]), Span::around(1, shape[2])};
    measure("median_3x3x3" + size, Median{around}, {in}, same, raw.bytes());
    Memory binned(DType::UInt16, {shape[0] / 2, shape[1] / 2, shape[2] / 2});
    const Window blocks{Span::blocks(2, shape[0]), Span::blocks(2, shape[1]), Span::blocks(2, shape[2])};
    measure("bin_2x2x2" + size, Reduce<Mean>{blocks}, {in}, binned, raw.bytes());

    Turn turn{.cosine = std::cos(angle), .sine = std::sin(angle), .scale = 0.104 / (0.4 * std::sin(angle))};
    turn.planes = shape[0];
    turn.columns = deskew.width;
    turn.height = static_cast<Index>(static_cast<double>(shape[0]) / turn.scale);
    turn.width = static_cast<Index>(static_cast<double>(turn.columns) * turn.cosine +
                                    static_cast<double>(shape[0]) * turn.sine / turn.scale);
    Memory turned(DType::UInt16, {turn.height, shape[1], turn.width});
    measure("rotate" + size, Rotate{turn}, {wide.block()}, turned, wide.bytes());
    measure("deskew_rotate" + size, DeskewRotate{deskew, turn}, {in}, turned, raw.bytes());
    Affine affine;
    for (std::size_t i = 0; i < 3; ++i) affine.size[i] = shape[i];
    affine.width = shape[2];
    affine.matrix[0][3] = 0.25;
    affine.matrix[2][3] = -1.75;
    measure("shift" + size, AffineLinear{affine}, {in}, same, raw.bytes());
    affine.matrix[1][2] = 0.03;
    affine.matrix[2][1] = -0.03;
    measure("affine" + size, AffineLinear{affine}, {in}, same, raw.bytes());
    measure("affine_nearest" + size, AffineNearest{affine}, {in}, same, raw.bytes());
}

} // namespace

int main(int count, char** arguments) {
    if (count == 3 && std::string(arguments[1]) == "--only") only = arguments[2];
    print("cores", static_cast<double>(oneapi::tbb::this_task_arena::max_concurrency()), "cores");
    for (const Shape& shape : {Shape{64, 256, 280}, Shape{128, 512, 512}}) measureSize(shape);
    return 0;
}
