#include "light.h"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_reduce.h>

#include <algorithm>

namespace lazulite::compute::cpu {

Result<Light> lightOf(const Block& image, double background, const std::stop_token& stop) {
    const Region& region = image.region();
    const Light found = visitType(image.dtype(), [&](auto t) {
        using T = typename decltype(t)::type;
        return oneapi::tbb::parallel_reduce(
            oneapi::tbb::blocked_range<Index>(0, region[0].size()), Light{},
            [&](const auto& planes, Light light) {
                for (Index z = planes.begin(); z < planes.end() && !stop.stop_requested(); ++z) {
                    for (Index y = 0; y < region[1].size(); ++y) {
                        const std::byte* row = image.data() + z * image.strides()[0] + y * image.strides()[1];
                        for (Index x = 0; x < region[2].size(); ++x, row += image.strides()[2]) {
                            const auto value = static_cast<double>(*reinterpret_cast<const T*>(row));
                            if (value > light.highest) light.highest = value;
                            if (value > background) light.sum += value - background;
                        }
                    }
                }
                return light;
            },
            [](const Light& a, const Light& b) {
                return Light{std::max(a.highest, b.highest), a.sum + b.sum};
            });
    });
    if (stop.stop_requested()) return Error::cancelled();
    return found;
}

} // namespace lazulite::compute::cpu
