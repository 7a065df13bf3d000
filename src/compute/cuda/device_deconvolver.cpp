#include "device_deconvolver.h"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "../back_projector_design.h"

namespace lazulite::compute::cuda {

namespace {

std::uint64_t imageBytes(const Size3& image) {
    return static_cast<std::uint64_t>(image[0] * image[1] * image[2]) * sizeof(float);
}

/// The volumes that are not by-products: spectrum, estimate and those that options ask for.
std::size_t volumeCount(const RichardsonLucy& options) {
    return 2U + (options.accelerated ? 2U : 0U) + (options.totalVariation > 0 ? 1U : 0U);
}

float* floats(const DeviceCopy::Buffer& buffer) {
    return buffer ? reinterpret_cast<float*>(buffer->data()) : nullptr;
}

ComplexNumber* complexes(const DeviceCopy::Buffer& buffer) {
    return reinterpret_cast<ComplexNumber*>(buffer->data());
}

/// The values of a rotationally averaged OTF where a transform has its own.
std::vector<float> valuesOn(const Size3& size, const RadialOtf& otf, const Sampling& sampling, float scale) {
    const RadialInterpolation interpolation(otf, sampling, size);
    const Grid grid(size);
    const auto signedOf = [](Index k, Index n) { return k > n / 2 ? k - n : k; };
    std::vector<float> values(static_cast<std::size_t>(grid.bytes() / sizeof(float)));
    oneapi::tbb::parallel_for(Index{0}, size[0] * size[1], [&](Index row) {
        const Index kz = signedOf(row / size[1], size[0]);
        const Index ky = signedOf(row % size[1], size[1]);
        float* to = values.data() + row * grid.rowStride;
        for (Index kx = 0; kx <= size[2] / 2; ++kx) {
            const std::complex<float> value = scale * interpolation.at(kz, ky, kx);
            to[2 * kx] = value.real();
            to[2 * kx + 1] = value.imag();
        }
    });
    return values;
}

} // namespace

std::uint64_t DeviceDeconvolver::bytesFor(const Device& device, const RichardsonLucy& options, const Size3& image,
                                          const Size3& size) {
    const Grid grid(size);
    const std::size_t byProducts = 1U + (options.wienerButterworth ? 1U : 0U) + (options.weighted() ? 1U : 0U);
    return (volumeCount(options) + byProducts) * DeviceMemory::capacityFor(grid.bytes()) +
           DeviceMemory::capacityFor(imageBytes(image)) + DeviceMemory::capacityFor(bytesOfSums(grid.box())) +
           DeviceMemory::capacityFor(device.estimatedTransformBytes(size));
}

DeviceDeconvolver::DeviceDeconvolver(std::shared_ptr<Card> card, const Blur& blur, const RichardsonLucy& options,
                                     const Size3& image, const Size3& grid, const Context& context)
    : card_(std::move(card)),
      blur_(blur),
      options_(options),
      imageSize_(image),
      size_(grid),
      grid_(grid),
      context_(context) {}

DeviceDeconvolver::~DeviceDeconvolver() {
    if (lane_) static_cast<void>(stream().finish()); // before its memory goes out of use
}

Result<void> DeviceDeconvolver::prepare() {
    auto lane = card_->takeLane(context_.stop);
    if (!lane) return lane.error();
    lane_ = std::move(*lane);
    std::vector<ByProduct> missing = byProducts();
    std::erase_if(missing, [&](ByProduct& product) {
        *product.buffer = card_->kept(product.name);
        return *product.buffer != nullptr;
    });
    if (auto taken = takeMemory(missing); !taken) return taken;
    for (const ByProduct& product : missing) {
        if (auto made = (this->*product.make)(); !made) return made;
        if (auto done = pause(); !done) return done;
        card_->keep(product.name, *product.buffer);
    }
    return {};
}

std::vector<DeviceDeconvolver::ByProduct> DeviceDeconvolver::byProducts() {
    const std::string of = fmt::format("{} {}x{}x{}", blur_.identity, size_[0], size_[1], size_[2]);
    std::vector<ByProduct> all{{&filter_, "otf " + of, &DeviceDeconvolver::makeFilter}};
    if (options_.wienerButterworth) {
        all.push_back({&backFilter_, "wiener-butterworth " + of, &DeviceDeconvolver::makeBackFilter});
    }
    if (options_.weighted()) {
        all.push_back({&weights_,
                       fmt::format("weights of {}x{}x{}{} {}", imageSize_[0], imageSize_[1], imageSize_[2],
                                   options_.wienerButterworth ? " by wiener-butterworth" : "", of),
                       &DeviceDeconvolver::makeWeights});
    }
    return all;
}

Result<void> DeviceDeconvolver::takeMemory(std::vector<ByProduct>& missing) {
    const auto work = stream().transformBytes(size_);
    if (!work) return work.error();
    struct Part {
        Buffer* buffer;
        std::uint64_t bytes;
    };
    std::vector<Part> parts{{&work_, *work},
                            {&data_, imageBytes(imageSize_)},
                            {&found_, bytesOfSums(grid_.box())},
                            {&spectrum_, grid_.bytes()},
                            {&estimate_, grid_.bytes()}};
    if (options_.accelerated) parts.insert(parts.end(), {{&before_, grid_.bytes()}, {&earlier_, grid_.bytes()}});
    if (options_.totalVariation > 0) parts.push_back({&curvature_, grid_.bytes()});
    for (const ByProduct& product : missing) parts.push_back({product.buffer, grid_.bytes()});
    std::uint64_t bytes = 0;
    for (const Part& part : parts) bytes += DeviceMemory::capacityFor(part.bytes);
    auto reservation = card_->memory().reserve(bytes, context_.stop);
    if (!reservation) return reservation.error();
    reservation_.emplace(std::move(*reservation));
    for (const Part& part : parts) {
        auto buffer = card_->allocate(part.bytes, *reservation_);
        if (!buffer) return buffer.error();
        *part.buffer = std::move(*buffer);
    }
    return {};
}

/// Waits for the card, and gives up where nobody wants the result any more.
Result<void> DeviceDeconvolver::pause() {
    if (auto done = stream().finish(); !done) return done;
    if (context_.stop.stop_requested()) return Error::cancelled();
    return {};
}

/// Between transforms, where an iteration takes so long that a stop could not wait for its end.
Result<void> DeviceDeconvolver::pauseIfLarge() {
    constexpr double kLarge = 1U << 25U; // voxels: some 10 ms
    return voxels() < kLarge ? Result<void>() : pause();
}

void DeviceDeconvolver::multiply(const Buffer& filter, bool conjugate) {
    stream().run(Multiply{complexes(spectrum_), complexes(filter), conjugate, grid_.spectrumBox()});
}

Result<void> DeviceDeconvolver::upload(const std::vector<float>& numbers, const Buffer& to) {
    const std::shared_ptr<const std::byte> notOwned(std::shared_ptr<void>(),
                                                    reinterpret_cast<const std::byte*>(numbers.data()));
    const Block block(notOwned, DType::Float32, Region::whole({1, 1, static_cast<Index>(numbers.size())}));
    return lane_->upload(block, packedArray(to->data(), DType::Float32, block.region()), context_.stop);
}

/// A volume on the grid as an array, with what lies between its rows.
DeviceArray DeviceDeconvolver::arrayOn(const Buffer& volume) const {
    return packedArray(volume->data(), DType::Float32, Region::whole({size_[0], size_[1], grid_.rowStride}));
}

Result<void> DeviceDeconvolver::makeFilter() {
    const auto scale = static_cast<float>(1 / voxels());
    if (const auto* radial = std::get_if<std::shared_ptr<const RadialOtf>>(&blur_.source)) {
        return upload(valuesOn(size_, **radial, blur_.sampling, scale), filter_);
    }
    const ImagePsf psf = imagePsf(*std::get<std::shared_ptr<const PointSpread>>(blur_.source), blur_.sampling, size_);
    if (auto uploaded = upload(psf.values, estimate_); !uploaded) return uploaded;
    stream().run(PlacePointSpread{floats(estimate_), psf.first, psf.size, scale, floats(filter_), grid_, grid_.box()});
    stream().transform(filter_->data(), size_, work_->data());
    return {};
}

/// `count` numbers, or pairs of them, that lie so far apart.
Result<std::vector<float>> DeviceDeconvolver::fetch(const float* first, Index count, Index step, Index together) {
    const Region region = Region::whole({1, count, together});
    constexpr Index kBytes = sizeof(float);
    auto* data = reinterpret_cast<std::byte*>(const_cast<float*>(first));
    const DeviceArray line = arrayOf(data, DType::Float32, region, {0, step * kBytes, kBytes});
    const DeviceArray packed = packedArray(estimate_->data(), DType::Float32, region);
    stream().run(Rescale{}, {&line, 1}, packed);
    std::vector<float> values(static_cast<std::size_t>(count * together));
    const Destination to{reinterpret_cast<std::byte*>(values.data()), DType::Float32, region,
                         rowMajorStrides(region.shape(), sizeof(float))};
    if (auto fetched = lane_->download(packed, to); !fetched) return fetched.error();
    return values;
}

Result<void> DeviceDeconvolver::makeBackFilter() {
    const DeviceArray otf = arrayOn(filter_);
    stream().run(Rescale{}, {&otf, 1}, arrayOn(spectrum_));
    transformBack(); // to the point spread function
    const Index steps[3] = {size_[1] * grid_.rowStride, grid_.rowStride, 1};
    AlongAxes psf;
    AlongAxes magnitudes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto values = fetch(floats(spectrum_), size_[axis], steps[axis], 1);
        if (!values) return values.error();
        psf[axis].assign(values->begin(), values->end());
        const Index step = axis == 2 ? 2 : steps[axis];
        const auto numbers = fetch(floats(filter_), size_[axis] / 2 + 1, step, 2);
        if (!numbers) return numbers.error();
        for (std::size_t k = 0; k < numbers->size(); k += 2) {
            magnitudes[axis].push_back(static_cast<double>(std::hypot((*numbers)[k], (*numbers)[k + 1])) * voxels());
        }
    }
    const BackProjectorDesign design = designBackProjector(psf, magnitudes);
    stream().run(MakeBackProjector{complexes(filter_),
                                   complexes(backFilter_),
                                   design.filter,
                                   {design.cutoff[0], design.cutoff[1], design.cutoff[2]},
                                   static_cast<float>(voxels()),
                                   size_,
                                   grid_.spectrumBox()});
    return {};
}

/// How much of every voxel's light the image holds, H^T 1, as what corrections are multiplied by.
Result<void> DeviceDeconvolver::makeWeights() {
    stream().run(Mask{imageSize_, floats(spectrum_), grid_, grid_.box()});
    transform();
    multiply(back(), true);
    transformBack();
    stream().run(Weigh{floats(spectrum_), floats(weights_), grid_, grid_.box()});
    return {};
}

/// Fills data_.
Result<void> DeviceDeconvolver::takeImage(const Block& image, float background) {
    if (const auto found = card_->find(image)) {
        stream().run(TakeImage{View::fromZero(found->array), background, floats(data_), Box::whole(imageSize_)});
        return pause(); // as long as it is held here
    }
    if (auto settled = image.settle(); !settled) return settled;
    float* to = floats(data_);
    for (const Region& piece : densePieces(image.region(), bytesPer(image.dtype()), grid_.bytes())) {
        const DeviceArray array = packedArray(spectrum_->data(), image.dtype(), piece);
        if (auto uploaded = lane_->upload(image.view(piece), array, context_.stop); !uploaded) return uploaded;
        stream().run(TakeImage{View::fromZero(array), background, to, Box::whole(array.size)});
        to += piece.elementCount();
    }
    return {};
}

Result<void> DeviceDeconvolver::begin(const Block& image, const Exposure& exposure) {
    quiet_ = static_cast<float>(rl::kQuiet * exposure.light);
    first_ = true;
    if (auto taken = takeImage(image, static_cast<float>(exposure.background)); !taken) return taken;
    const Box box = Box::whole(imageSize_);
    if (options_.apodizes()) {
        const auto width = [&](std::size_t axis) { return std::min(options_.apodize, imageSize_[axis] / 2); };
        stream().run(Apodize{floats(data_), floats(spectrum_), width(1), 1, box});
        stream().run(Apodize{floats(spectrum_), floats(data_), width(2), 2, box});
    }
    stream().run(FirstEstimate{floats(data_), imageSize_, floats(estimate_), grid_, grid_.box()});
    return pause();
}

Result<Deconvolver::Change> DeviceDeconvolver::iterate(double lambda, const std::function<void(double)>& progress) {
    const Estimates estimates{floats(estimate_), floats(before_), static_cast<float>(lambda)};
    if (curvature_) {
        const Voxel& voxel = blur_.sampling.voxel;
        stream().run(Curve{estimates,
                           {static_cast<float>(voxel[0] / voxel[2]), static_cast<float>(voxel[1] / voxel[2]), 1.0F},
                           quiet_,
                           floats(curvature_),
                           grid_,
                           grid_.box()});
    }
    stream().run(Start{estimates, floats(spectrum_), grid_, grid_.box()});
    transform();
    multiply(filter_, false);
    if (auto going = pauseIfLarge(); !going) return going.error();
    transformBack();
    stream().run(Compare{floats(data_), imageSize_, floats(spectrum_), grid_, grid_.box()});
    if (auto going = pauseIfLarge(); !going) return going.error();
    transform();
    multiply(back(), true);
    if (auto going = pauseIfLarge(); !going) return going.error();
    transformBack();
    const Buffer& next = options_.accelerated ? earlier_ : estimate_;
    stream().sum(Correct{estimates, floats(spectrum_), floats(weights_), floats(curvature_),
                         static_cast<float>(options_.totalVariation), static_cast<float>(lambdaBefore_), floats(next),
                         options_.accelerated, first_, grid_, grid_.box()},
                 reinterpret_cast<Sums*>(found_->data()));
    const auto change = sumUp();
    if (!change) return change.error();
    if (options_.accelerated) {
        std::swap(estimate_, before_);  // the last one is now the one before,
        std::swap(estimate_, earlier_); // and the next one, written over the earlier one, the last
    }
    lambdaBefore_ = lambda;
    first_ = false;
    if (progress) progress(1);
    return change;
}

/// What all blocks of threads have found, in an order that never changes.
Result<Deconvolver::Change> DeviceDeconvolver::sumUp() {
    const auto sums = fetchSums(*lane_, found_->data(), grid_.box());
    if (!sums) return sums.error();
    if (context_.stop.stop_requested()) return Error::cancelled();
    Change change;
    for (const Sums& part : *sums) {
        change.square += part.first;
        change.withBefore += part.second;
    }
    return change;
}

Result<void> DeviceDeconvolver::store(const Destination& out) {
    const DeviceArray estimate = arrayOn(estimate_);
    const DeviceArray packed = packedArray(data_->data(), DType::Float32, out.region);
    stream().run(Rescale{}, {&estimate, 1}, packed);
    if (auto done = stream().finish(); !done) return done;
    return card_->deliver(*lane_, packed, data_, out);
}

} // namespace lazulite::compute::cuda
