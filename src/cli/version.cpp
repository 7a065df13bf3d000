#include <fmt/format.h>
#include <libdeflate.h>
#include <tbb/version.h>
#include <tiffio.h>
#include <zstd.h>

#include <string>

#include "commands.h"
#include "lazulite/compute/backend.h"

namespace lazulite::cli {

std::string versionText(const Front& front) {
    std::string text = fmt::format("lazulite {}\n", LAZULITE_VERSION);
    if (front.versions) {
        for (const std::string& line : front.versions()) text += line + "\n";
    }
    const std::string tiff = TIFFGetVersion();
    text += tiff.substr(0, tiff.find('\n')) + "\n";
    text += fmt::format("oneTBB {}\n", TBB_runtime_version());
    text += fmt::format("libdeflate {}\n", LIBDEFLATE_VERSION_STRING);
    text += fmt::format("zstd {}\n", ZSTD_versionString());
    text += fmt::format("fmt {}.{}.{}\n", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
    const auto& cuda = compute::cudaBackend();
    text += fmt::format("backends: cpu ({})", compute::cpuBackend()->description());
    text += cuda.ok() ? fmt::format(", cuda ({})\n", (*cuda)->description())
                      : fmt::format("; no cuda: {}\n", cuda.error().message);
    if (!front.view) text += "built without the window\n";
    return text;
}

} // namespace lazulite::cli
