#include "volume_fft.h"

namespace lazulite::compute::cpu {

bool transformVolume(Complex* volume, const Size3& size, bool forward, const std::stop_token& stop) {
    const auto nz = static_cast<int>(size[0]);
    const auto ny = static_cast<int>(size[1]);
    const auto nx = static_cast<int>(size[2]);
    const LinesPlan alongX = planFor({nx, 1, 1, nx, forward, true, true});
    const LinesPlan alongY = planFor({ny, nx, nx, 1, forward, true, true});
    const LinesPlan alongZ = planFor({nz, nx, nx * ny, 1, forward, true, true});
    for (Index z = 0; z < nz; ++z) {
        if (stop.stop_requested()) return false;
        Complex* plane = volume + z * ny * nx;
        for (Index y = 0; y < ny; ++y) alongX.run(plane + y * nx, plane + y * nx);
        alongY.run(plane, plane);
    }
    for (Index y = 0; y < ny && !stop.stop_requested(); ++y) alongZ.run(volume + y * nx, volume + y * nx);
    return !stop.stop_requested();
}

} // namespace lazulite::compute::cpu
