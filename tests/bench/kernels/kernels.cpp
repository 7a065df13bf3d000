// How fast kernels run on the processor, beside a copy in memory by as many cores in the same run. A rate is of all
// bytes that are read and written; images of a camera, which are used again for every plane, do not count. Rates are
// also compared by the processor time that they take, which hardly depends on what else the machine does.
//
// Kernel and copy take turns, and the best of either counts. The copy goes through several times more bytes than caches
// hold, so it is one of memory, and it leaves nothing of the kernel's in a cache: as in a recording, where every
// timepoint is new. Memory lies as in the program, in whole pages that were touched before.
//
// Prints one JSON line a figure. --only WORD measures the kernels with that word in their name.
#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
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

/// Of some rounds, in seconds.
struct Time {
    double wall = std::numeric_limits<double>::infinity(); ///< of the best
    double cpu = 0; ///< of all cores in all rounds; hardly changed by what else the machine does
    double rounds = 0;

    void add(const std::function<void()>& round) {
        const auto begin = std::chrono::steady_clock::now();
        const double cpuBegin = cpuSeconds();
        round();
        cpu += cpuSeconds() - cpuBegin;
        wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        ++rounds;
    }
    /// A single round would be too short for the clock of processor time, which counts in ticks of the system.
    double cpuOfRound() const { return cpu / rounds; }
};

/// Memory for a block, touched.
class Memory {
public:
    Memory(DType type, const Shape& shape)
        : type_(type),
          region_(Region::whole(shape)),
          bytes_(static_cast<std::size_t>(region_.elementCount()) * bytesPer(type)),
          data_(static_cast<std::byte*>(std::aligned_alloc(kPage, (bytes_ + kPage - 1) / kPage * kPage)), std::free) {
        std::memset(data(), 0, bytes_);
    }

    std::byte* data() { return data_.get(); }
    std::size_t bytes() const { return bytes_; }
    Block block() const { return {data_, type_, region_}; }
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
    static constexpr std::size_t kPage = 4096; ///< bytes

    DType type_;
    Region region_;
    std::size_t bytes_;
    std::shared_ptr<std::byte> data_;
};

/// Copies more bytes than caches hold.
class Copy {
public:
    void run() {
        constexpr std::size_t kPiece = std::size_t{1} << 18U;
        const std::size_t bytes = from_.bytes();
        oneapi::tbb::parallel_for(std::size_t{0}, (bytes + kPiece - 1) / kPiece, [&](std::size_t i) {
            const std::size_t at = i * kPiece;
            std::memcpy(to_.data() + at, from_.data() + at, std::min(kPiece, bytes - at));
        });
    }
    std::size_t bytes() const { return from_.bytes() + to_.bytes(); } ///< read and written

private:
    static Shape size() {
        constexpr long kLeast = 64L << 20;
        return {std::max(kLeast, 2 * ::sysconf(_SC_LEVEL3_CACHE_SIZE))};
    }

    Memory from_{DType::UInt8, size()};
    Memory to_{DType::UInt8, size()};
};

/// A computation that reads and writes so many bytes, beside a copy.
void measure(const std::string& name, std::size_t bytes, const std::function<void()>& compute) {
    if (name.find(only) == std::string::npos) return;
    static Copy copy;
    Time ours;
    Time copied;
    const auto begin = std::chrono::steady_clock::now();
    const auto took = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
    for (int round = 0; round < kLeastRounds || took() < kSeconds; ++round) {
        copied.add([&] { copy.run(); });
        ours.add(compute);
    }
    const auto rate = [](std::size_t bytesTaken, double seconds) {
        return static_cast<double>(bytesTaken) / 1e9 / seconds;
    };
    print(name, rate(bytes, ours.wall), "GB/s");
    print(name + "_copy", rate(copy.bytes(), copied.wall), "GB/s");
    print(name + "_by_copy", rate(bytes, ours.wall) / rate(copy.bytes(), copied.wall), "ratio");
    print(name + "_cpu_by_copy", rate(bytes, ours.cpuOfRound()) / rate(copy.bytes(), copied.cpuOfRound()), "ratio");
}

/// A kernel that reads `bytesIn`.
void measure(const std::string& name, const Kernel& kernel, const std::vector<Block>& inputs, Memory& out,
             std::size_t bytesIn) {
    measure(name, bytesIn + out.bytes(), [&] { cpuBackend()->run(kernel, inputs, out.destination(), {}).orThrow(); });
}

/// A kernel of one input.
void measure(const std::string& name, const Kernel& kernel, const Memory& in, Memory& out) {
    measure(name, kernel, {in.block()}, out, in.bytes());
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

/// What kernels are measured with.
struct Recording {
    explicit Recording(const Shape& of)
        : shape(of),
          name(fmt::format("_{}x{}x{}", of[0], of[1], of[2])),
          raw(DType::UInt16, of),
          same(DType::UInt16, of),
          floats(DType::Float32, of) {
        raw.fill();
    }

    Shape shape;
    std::string name;
    Memory raw;
    Memory same;
    Memory floats;
};

/// An image of a camera, of values from 100 to 1000 times `gain`, repeated for every plane.
Block cameraImage(DType type, const Shape& volume, double gain = 1) {
    const Shape shape{1, volume[1], volume[2]};
    const Block values = Memory(DType::UInt16, shape).fill().block();
    Memory image(type, shape);
    cpuBackend()->run(Rescale{.gain = gain}, {&values, 1}, image.destination(), {}).orThrow();
    const Block plane = image.block();
    return plane.relabelled(Region::whole(volume), {0, plane.strides()[1], plane.strides()[2]});
}

void measurePointwise(Recording& of) {
    const Rescale rescale{.gain = 1.5, .offset = -20, .low = 0, .high = 4000};
    measure("rescale" + of.name, rescale, of.raw, of.same);
    measure("rescale_to_float32" + of.name, rescale, of.raw, of.floats);
    Memory floats(DType::Float32, of.shape);
    measure("rescale_float32" + of.name, rescale, of.floats, floats);

    const Block raw = of.raw.block();
    const Block other = Memory(DType::UInt16, of.shape).fill().block(); // timepoint or channel
    const Block dark = cameraImage(DType::UInt16, of.shape);
    const Block offset = cameraImage(DType::Float32, of.shape);
    const Block gain = cameraImage(DType::Float32, of.shape, 0.002);
    const Block strength = cameraImage(DType::Float32, of.shape, 0.1);
    const Block decay = cameraImage(DType::Float32, of.shape, 1e-5); // a count
    const std::size_t bytes = of.raw.bytes();
    measure("subtract" + of.name, Subtract{0}, {raw, dark}, of.same, bytes);
    measure("flat_field" + of.name, FlatField{}, {raw, gain, dark}, of.same, bytes);
    measure("camera" + of.name, Camera{}, {raw, offset, gain}, of.same, bytes);
    measure("camera_residual" + of.name, CameraResidual{}, {raw, other, offset, gain, strength, decay}, of.same,
            2 * bytes);
    measure("math_ratio" + of.name, ratio(), {raw, other}, of.floats, 2 * bytes);
}

void measureStatistics(Recording& of) {
    for (const Memory* in : {&of.raw, &of.floats}) {
        const std::string name = (in == &of.raw ? "" : "_float32") + of.name;
        measure("moments" + name, in->bytes(), [&] { momentsOf(in->block(), {}); });
        measure("percentile" + name, in->bytes(), [&] { percentileOf(in->block(), 50, {}); });
    }
}

void measureWindows(Recording& of) {
    const Shape& shape = of.shape;
    const Window whole{Span::same(shape[0]), Span::same(shape[1]), Span::same(shape[2])};
    const auto along = [&](std::size_t axis, const Span& span) {
        Window window = whole;
        (axis == 0 ? window.z : axis == 1 ? window.y : window.x) = span;
        return window;
    };
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::string name = "_" + std::string(1, "zyx"[axis]) + of.name;
        Shape flattened = shape;
        flattened[axis] = 1;
        Memory projection(DType::UInt16, flattened);
        Memory mean(DType::Float32, flattened);
        const Window window = along(axis, Span::range(0, shape[axis], shape[axis]));
        measure("max" + name, Reduce<Max>{window}, of.raw, projection);
        measure("mean" + name, Reduce<Mean>{window}, of.raw, mean);
        measure("median" + name, Median{window}, of.raw, projection);
        const Reduce<Gaussian> gaussian{along(axis, Span::around(6, shape[axis])), {1.5, 6, shape[axis]}};
        measure("gaussian" + name, gaussian, of.raw, of.floats);
    }
    const Window around{Span::around(1, shape[0]), Span::around(1, shape[1]), Span::around(1, shape[2])};
    measure("median_3x3x3" + of.name, Median{around}, of.raw, of.same);
    Memory binned(DType::UInt16, {shape[0] / 2, shape[1] / 2, shape[2] / 2});
    const Window blocks{Span::blocks(2, shape[0]), Span::blocks(2, shape[1]), Span::blocks(2, shape[2])};
    measure("bin_2x2x2" + of.name, Reduce<Mean>{blocks}, of.raw, binned);
}

void measureGeometry(Recording& of) {
    const Shape& shape = of.shape;
    const double angle = 31.5 * std::numbers::pi / 180;
    Deskew deskew{.step = std::cos(angle) * 0.4 / 0.104, .planes = shape[0], .columns = shape[2]};
    deskew.width = shape[2] + static_cast<Index>(static_cast<double>(shape[0]) * deskew.step);
    Memory wide(DType::UInt16, {shape[0], shape[1], deskew.width});
    measure("deskew" + of.name, deskew, of.raw, wide);

    Turn turn{.cosine = std::cos(angle), .sine = std::sin(angle), .scale = 0.104 / (0.4 * std::sin(angle))};
    turn.planes = shape[0];
    turn.columns = deskew.width;
    turn.height = static_cast<Index>(static_cast<double>(shape[0]) / turn.scale);
    turn.width = static_cast<Index>(static_cast<double>(turn.columns) * turn.cosine +
                                    static_cast<double>(shape[0]) * turn.sine / turn.scale);
    Memory turned(DType::UInt16, {turn.height, shape[1], turn.width});
    measure("rotate" + of.name, Rotate{turn}, wide, turned);
    measure("deskew_rotate" + of.name, DeskewRotate{deskew, turn}, of.raw, turned);

    Shift shift{.offset = {0.25, 0, -1.75}};
    Affine affine;
    for (std::size_t i = 0; i < 3; ++i) shift.size[i] = affine.size[i] = shape[i];
    measure("shift" + of.name, shift, of.raw, of.same);
    affine.width = shape[2];
    affine.matrix[0][3] = 0.25;
    affine.matrix[2][3] = -1.75;
    affine.matrix[1][2] = 0.03;
    affine.matrix[2][1] = -0.03;
    measure("affine" + of.name, AffineLinear{affine}, of.raw, of.same);
    measure("affine_nearest" + of.name, AffineNearest{affine}, of.raw, of.same);
}

} // namespace

int main(int count, char** arguments) {
    if (count == 3 && std::string(arguments[1]) == "--only") only = arguments[2];
    print("cores", static_cast<double>(oneapi::tbb::this_task_arena::max_concurrency()), "cores");
    for (const Shape& shape : {Shape{64, 256, 280}, Shape{128, 512, 512}}) {
        Recording recording(shape);
        measurePointwise(recording);
        measureStatistics(recording);
        measureWindows(recording);
        measureGeometry(recording);
    }
    return 0;
}
