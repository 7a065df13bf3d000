#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "../cpu/fft/volume_fft.h"
#include "lazulite/compute/point_spread.h"
#include "lazulite/core/error.h"

namespace lazulite::compute {

namespace {

using Sum = std::complex<double>;

Index signedFrequency(Index k, Index size) {
    return k > size / 2 ? k - size : k;
}

/// Means over rings of equal kr in the half kx >= 0 of the spectrum of the centred stack.
std::vector<Sum> ringMeans(const PointSpread& psf, Index radii) {
    const auto [nz, ny, nx] = psf.size;
    std::vector<cpu::Complex> spectrum(psf.values.begin(), psf.values.end());
    cpu::transformVolume(spectrum.data(), psf.size, true);
    std::vector<Sum> sums(static_cast<std::size_t>(radii * nz));
    std::vector<Index> counts(sums.size());
    const auto phase = [&](Index k, std::size_t axis) {
        return 2 * std::numbers::pi * static_cast<double>(k) * psf.centre[axis] / static_cast<double>(psf.size[axis]);
    };
    for (Index z = 0; z < nz; ++z) {
        for (Index y = 0; y < ny; ++y) {
            const Index ky = signedFrequency(y, ny);
            const double base = phase(signedFrequency(z, nz), 0) + phase(ky, 1);
            for (Index kx = 0; kx <= nx / 2; ++kx) {
                const double radius = std::hypot(static_cast<double>(kx), static_cast<double>(ky));
                const Index ring = std::lround(radius);
                if (ring >= radii) continue;
                const auto place = static_cast<std::size_t>(ring * nz + z);
                const cpu::Complex value = spectrum[static_cast<std::size_t>((z * ny + y) * nx + kx)];
                sums[place] += Sum(value) * std::polar(1.0, base + phase(kx, 2));
                ++counts[place];
            }
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (counts[i] > 0) sums[i] /= static_cast<double>(counts[i]);
    }
    return sums;
}

/// A real signal's two signs of kz say the same.
void symmetrise(std::vector<Sum>& values, Index radii, Index planes) {
    for (Index r = 0; r < radii; ++r) {
        Sum* row = values.data() + r * planes;
        row[0] = row[0].real();
        for (Index k = 1; k <= planes / 2; ++k) {
            row[k] = (row[k] + std::conj(row[planes - k])) / 2.0;
            row[planes - k] = std::conj(row[k]);
        }
    }
}

/// Zeros outside what the objective passes: kr <= 2 NA / lambda, and the axial edge at that kr.
void cleanUp(std::vector<Sum>& values, Index radii, Index planes, double radialStep, double axialStep,
             const RadialOptions& options) {
    constexpr double kMicrometres = 1e-3; // of a nanometre
    const double lambda = options.wavelength * kMicrometres;
    const double index = options.immersionIndex;
    const double cosAlpha = std::cos(std::asin(options.na / index));
    for (Index r = 0; r < radii; ++r) {
        const double kr = static_cast<double>(r) * radialStep;
        Index from = 0;
        Index to = planes - 1;
        if (kr <= 2 * options.na / lambda) {
            const double beta = std::asin((options.na - kr * lambda) / index);
            const double edge = index / lambda * (std::cos(beta) - cosAlpha);
            from = std::lround(edge / axialStep + 1);
            to = planes - from;
        }
        for (Index k = from; k <= to; ++k) values[static_cast<std::size_t>(r * planes + k)] = 0;
    }
}

/// kr = 0, where a single value carries all the noise of the background, from a line through kr = 1..count. False: at
/// kz = 0 the line falls towards the origin.
bool extrapolated(std::vector<Sum>& values, Index planes, int count) {
    const double middle = 0.5 * (count + 1);
    for (Index k = 0; k < planes; ++k) {
        const auto value = [&](int r) -> const Sum& { return values[static_cast<std::size_t>(r * planes + k)]; };
        Sum mean = 0;
        for (int r = 1; r <= count; ++r) mean += value(r) / static_cast<double>(count);
        Sum slope = 0;
        double weight = 0;
        for (int r = 1; r <= count; ++r) {
            slope += (r - middle) * (value(r) - mean);
            weight += (r - middle) * (r - middle);
        }
        values[static_cast<std::size_t>(k)] = mean - slope / weight * middle;
        if (k == 0 && std::abs(values[0]) <= std::abs(value(1))) return false;
    }
    return true;
}

void fixOrigin(std::vector<Sum>& values, Index radii, Index planes, int count) {
    constexpr int kLeast = 4;
    if (count >= radii) {
        throw Failure(
            fmt::format("the OTF has {} values along kr, too few to extrapolate its origin from kr = 1..{}; "
                        "give a smaller fix-origin, 0 for none",
                        radii, count));
    }
    for (int used = count; used >= kLeast; --used) {
        if (extrapolated(values, planes, used)) return;
    }
    throw Failure(
        fmt::format("the OTF's origin cannot be extrapolated from kr = 1..{}: its values do not fall from "
                    "there; check the PSF's background, or give fix-origin 0",
                    count));
}

/// Rows of (real, imaginary) pairs, one row a radius.
bool isLaidOutAsOtf(const Block& values) {
    const Shape shape = values.shape();
    if (shape.size() < 2 || !isFloat(values.dtype())) return false;
    const Index radii = shape[shape.size() - 2];
    const Index width = shape[shape.size() - 1];
    return values.region().elementCount() == radii * width && width % 2 == 0 && radii >= 2;
}

} // namespace

RadialOtf radialOtf(const PointSpread& psf, const RadialOptions& options) {
    const Index planes = psf.size[0];
    const Index radii = psf.size[2] / 2 + 1;
    RadialOtf otf{radii, planes, {}, 0, 0};
    otf.radialStep = 1 / (2 * static_cast<double>(std::max<Index>(radii - 1, 1)) * psf.voxel[2]);
    otf.axialStep = 1 / (static_cast<double>(planes) * psf.voxel[0]);
    std::vector<Sum> values = ringMeans(psf, radii);
    symmetrise(values, radii, planes);
    if (options.cleanUp) {
        if (!(options.na > 0 && options.na <= options.immersionIndex && options.wavelength > 0)) {
            throw Failure(
                fmt::format("an objective of numerical aperture {} in a medium of index {} at {} nm makes no "
                            "sense: the aperture lies between 0 and the index",
                            options.na, options.immersionIndex, options.wavelength));
        }
        const double rowStep = 1 / (static_cast<double>(psf.size[1]) * psf.voxel[1]);
        cleanUp(values, radii, planes, rowStep, otf.axialStep, options);
    }
    if (options.fixOrigin > 0) fixOrigin(values, radii, planes, options.fixOrigin);
    if (!(values[0].real() > 0)) {
        throw Failure(
            fmt::format("the OTF is not positive at its origin when the PSF's background of {:.6g} is taken "
                        "off, so it passes no light; give another background, or a fix-origin",
                        psf.background));
    }
    double highest = 0;
    for (const Sum& value : values) highest = std::max(highest, std::abs(value));
    for (const Sum& value : values) otf.values.emplace_back(value / highest);
    return otf;
}

bool isRadialOtf(const Block& values) {
    constexpr double kTolerance = 1e-3; // of the largest: files of others may have been rounded
    if (!isLaidOutAsOtf(values)) return false;
    const Shape shape = values.shape();
    const Index radii = shape[shape.size() - 2];
    const Index width = shape[shape.size() - 1];
    const Strides strides{values.strides()[shape.size() - 2], values.strides().back()};
    const Block plane = values.relabelled(Region::whole({radii, width}), strides);
    const Index planes = width / 2;
    const auto at = [&](Index r, Index k) { return Sum(plane.valueAt({r, 2 * k}), plane.valueAt({r, 2 * k + 1})); };
    double largest = 0;
    double unlike = 0;
    for (Index r = 0; r < radii; ++r) {
        for (Index k = 0; k < planes; ++k) {
            largest = std::max(largest, std::abs(at(r, k)));
            unlike = std::max(unlike, std::abs(at(r, k) - std::conj(at(r, (planes - k) % planes))));
        }
    }
    return unlike <= kTolerance * largest && at(0, 0).real() > 0;
}

RadialOtf radialOtfFromFile(const Block& values, const Voxel& psfVoxel) {
    const Shape shape = values.shape();
    const Index radii = shape[shape.size() - 2];
    const Index width = shape[shape.size() - 1];
    if (!isLaidOutAsOtf(values)) {
        throw Failure(
            "this is no radial OTF: such a file holds one page of float32, two columns (real and imaginary "
            "part) for each kz and a row for each kr; `lazulite otf` makes one of a PSF");
    }
    RadialOtf otf{radii,
                  width / 2,
                  {},
                  1 / (2 * static_cast<double>(radii - 1) * psfVoxel[2]),
                  1 / (static_cast<double>(width / 2) * psfVoxel[0])};
    const Region region = values.region();
    std::vector<std::int64_t> place(region.rank());
    for (std::size_t axis = 0; axis < place.size(); ++axis) place[axis] = region[axis].begin;
    const auto value = [&](Index r, Index column) {
        place[place.size() - 2] = region[place.size() - 2].begin + r;
        place.back() = region[place.size() - 1].begin + column;
        const double number = values.valueAt(place);
        if (!std::isfinite(number)) {
            throw Failure(fmt::format("the OTF holds a value that is no number (row {}, column {})", r, column));
        }
        return static_cast<float>(number);
    };
    for (Index r = 0; r < radii; ++r) {
        for (Index k = 0; k < otf.planes; ++k) otf.values.emplace_back(value(r, 2 * k), value(r, 2 * k + 1));
    }
    if (std::abs(otf.values.front()) == 0) {
        throw Failure("the OTF is 0 at its origin, so it passes no light; make it again from the PSF");
    }
    return otf;
}

Block fileOf(const RadialOtf& otf) {
    const std::size_t bytes = otf.values.size() * sizeof(otf.values[0]);
    const auto array = std::make_shared<std::byte[]>(bytes);
    std::memcpy(array.get(), otf.values.data(), bytes);
    return {std::shared_ptr<const std::byte>(array, array.get()), DType::Float32,
            Region::whole({1, otf.radii, 2 * otf.planes})};
}

RadialInterpolation::RadialInterpolation(const RadialOtf& otf, const Sampling& sampling, const Size3& grid)
    : otf_(&otf) {
    const auto step = [&](std::size_t axis) { // between frequencies of the grid, 1/um
        return 1 / (static_cast<double>(grid[axis]) * sampling.voxel[axis]);
    };
    zScale_ = step(0) / otf.axialStep;
    yScale_ = step(1) / otf.radialStep;
    xScale_ = step(2) / otf.radialStep;
    shear_ = -sampling.shear * static_cast<double>(grid[0]) / static_cast<double>(grid[2]);
    period_ = static_cast<double>(grid[0]);
}

std::complex<float> RadialInterpolation::at(Index kz, Index ky, Index kx) const {
    double axial = static_cast<double>(kz);
    if (shear_ != 0) { // planes that are sheared: the frequency along z in real space, the nearest of its aliases
        axial += shear_ * static_cast<double>(kx);
        axial -= period_ * std::round(axial / period_);
    }
    const double rho = std::hypot(static_cast<double>(kx) * xScale_, static_cast<double>(ky) * yScale_);
    const double zeta0 = axial * zScale_;
    if (rho >= static_cast<double>(otf_->radii - 1) || std::abs(zeta0) > 0.5 * static_cast<double>(otf_->planes)) {
        return 0;
    }
    const double zeta = zeta0 < 0 ? zeta0 + static_cast<double>(otf_->planes) : zeta0;
    const double r = std::floor(rho);
    const double z = std::floor(zeta);
    const auto ar = static_cast<float>(rho - r);
    const auto az = static_cast<float>(zeta - z);
    const auto z0 = static_cast<Index>(z);
    const Index z1 = z0 + 1 == otf_->planes ? 0 : z0 + 1;
    const std::complex<float>* near = otf_->values.data() + static_cast<Index>(r) * otf_->planes;
    const std::complex<float>* far = near + otf_->planes;
    return (1 - ar) * ((1 - az) * near[z0] + az * near[z1]) + ar * ((1 - az) * far[z0] + az * far[z1]);
}

Size3 reachOn(const RadialOtf& otf, const Sampling& sampling) {
    // The point spread function that it stands for, on its own voxels, its centre in the middle.
    const Index width = 2 * (otf.radii - 1);
    PointSpread psf;
    psf.size = {otf.planes, width, width};
    psf.voxel = {1 / (otf.axialStep * static_cast<double>(otf.planes)),
                 1 / (otf.radialStep * static_cast<double>(width)), 1 / (otf.radialStep * static_cast<double>(width))};
    const RadialInterpolation interpolation(otf, {psf.voxel, 0}, psf.size);
    std::vector<cpu::Complex> spectrum;
    spectrum.reserve(static_cast<std::size_t>(otf.planes * width * width));
    for (Index z = 0; z < otf.planes; ++z) {
        for (Index y = 0; y < width; ++y) {
            for (Index x = 0; x < width; ++x) {
                const float sign = (z + y + x) % 2 == 0 ? 1.0F : -1.0F;
                spectrum.push_back(sign * interpolation.at(signedFrequency(z, otf.planes), signedFrequency(y, width),
                                                           signedFrequency(x, width)));
            }
        }
    }
    cpu::transformVolume(spectrum.data(), psf.size, false);
    const auto real = std::make_shared<std::vector<float>>(spectrum.size());
    std::transform(spectrum.begin(), spectrum.end(), real->begin(), [](cpu::Complex value) { return value.real(); });
    const std::shared_ptr<const std::byte> bytes(real, reinterpret_cast<const std::byte*>(real->data()));
    const Block stack(bytes, DType::Float32, Region::whole({psf.size[0], psf.size[1], psf.size[2]}));
    return reachOn(understoodPsf(stack, psf.voxel, {.background = 0.0}), sampling);
}

} // namespace lazulite::compute
