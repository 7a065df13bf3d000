#include "reduce.h"

#include <oneapi/tbb/blocked_range2d.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace lazulite::view {

namespace {

template <typename In, typename Out>
Out load(const std::byte* at) {
    In value;
    std::memcpy(&value, at, sizeof(In));
    if constexpr (std::is_same_v<Out, float>) {
        const auto real = static_cast<float>(value);
        return real == real ? real : 0.0F;
    } else {
        return static_cast<Out>(value);
    }
}

template <typename In, typename Out>
class Reduction {
public:
    Reduction(const Block& block, const std::array<std::int64_t, 3>& factor, std::int64_t outStep)
        : block_(block), shape_(block.shape()), factor_(factor), outStep_(outStep) {}

    /// The line of voxels at (z, y) of the result.
    void line(std::int64_t z, std::int64_t y, std::byte* out) const {
        const Strides& strides = block_.strides();
        const std::int64_t z0 = z * factor_[0];
        const std::int64_t y0 = y * factor_[1];
        const std::int64_t z1 = std::min(z0 + factor_[0], shape_[0]);
        const std::int64_t y1 = std::min(y0 + factor_[1], shape_[1]);
        if (factor_ == std::array<std::int64_t, 3>{1, 1, 1}) {
            const std::byte* row = block_.data() + z0 * strides[0] + y0 * strides[1];
            for (std::int64_t x = 0; x < shape_[2]; ++x) store(out + x * outStep_, load<In, Out>(row + x * strides[2]));
            return;
        }
        const std::int64_t count = (shape_[2] + factor_[2] - 1) / factor_[2];
        for (std::int64_t x = 0; x < count; ++x) {
            const std::int64_t x0 = x * factor_[2];
            const std::int64_t x1 = std::min(x0 + factor_[2], shape_[2]);
            Out most = load<In, Out>(block_.data() + z0 * strides[0] + y0 * strides[1] + x0 * strides[2]);
            for (std::int64_t zi = z0; zi < z1; ++zi) {
                for (std::int64_t yi = y0; yi < y1; ++yi) {
                    const std::byte* row = block_.data() + zi * strides[0] + yi * strides[1];
                    for (std::int64_t xi = x0; xi < x1; ++xi)
                        most = std::max(most, load<In, Out>(row + xi * strides[2]));
                }
            }
            store(out + x * outStep_, most);
        }
    }

private:
    static void store(std::byte* to, Out value) { std::memcpy(to, &value, sizeof(Out)); }

    const Block& block_;
    Shape shape_;
    std::array<std::int64_t, 3> factor_;
    std::int64_t outStep_;
};

template <typename In, typename Out>
void reduce(const Block& block, const std::array<std::int64_t, 3>& factor, std::byte* out,
            const std::array<std::int64_t, 3>& outStrides) {
    const Reduction<In, Out> reduction(block, factor, outStrides[2]);
    const Shape shape = block.shape();
    const std::int64_t planes = (shape[0] + factor[0] - 1) / factor[0];
    const std::int64_t lines = (shape[1] + factor[1] - 1) / factor[1];
    oneapi::tbb::parallel_for(oneapi::tbb::blocked_range2d<std::int64_t>(0, planes, 1, 0, lines, 16),
                              [&](const auto& part) {
                                  for (std::int64_t z = part.rows().begin(); z < part.rows().end(); ++z) {
                                      for (std::int64_t y = part.cols().begin(); y < part.cols().end(); ++y) {
                                          reduction.line(z, y, out + z * outStrides[0] + y * outStrides[1]);
                                      }
                                  }
                              });
}

} // namespace

void reduceByMaximum(const Block& block, const std::array<std::int64_t, 3>& factor, std::byte* out, DType outType,
                     const std::array<std::int64_t, 3>& outStrides) {
    visitType(block.dtype(), [&](auto type) {
        using In = typename decltype(type)::type;
        if constexpr (std::is_same_v<In, std::uint8_t> || std::is_same_v<In, std::uint16_t>) {
            if (outType == block.dtype()) {
                reduce<In, In>(block, factor, out, outStrides);
                return;
            }
        }
        reduce<In, float>(block, factor, out, outStrides);
    });
}

} // namespace lazulite::view
