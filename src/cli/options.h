#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lazulite/batch/export.h"
#include "lazulite/compute/point_spread.h"
#include "lazulite/io/file_series.h"

/// What each command was asked to do, as plain values: the parser makes them, the commands take them.
namespace lazulite::cli {

/// "t=3" of --at, "y=0:100" of --region.
struct Assignment {
    std::string axis{};
    std::string value{};

    bool operator==(const Assignment&) const = default;
};

struct LogOptions {
    bool quiet = false;
    bool verbose = false;
    std::string file{}; ///< empty: none
};

struct InputOptions {
    std::vector<std::string> paths{};
    io::SeriesOptions series{};
    std::uint64_t memoryLimit = 0; ///< bytes; 0: 40 % of the machine's
    int threads = 0;               ///< 0: one a core
    std::string pipeline{};        ///< the config whose result is wanted instead of the raw data; empty: none
    std::string backend{"auto"};   ///< "auto", "cpu" or "cuda": where a pipeline is computed
};

struct InfoOptions {
    InputOptions input{};
    bool json = false;
};

struct CheckOptions {
    std::string config{};
    InputOptions input{}; ///< no paths: the config alone is checked
    bool json = false;
    bool schema = false; ///< tell all steps and parameters instead
};

struct SliceOptions {
    enum class Extent { Plane, Volume, All };

    InputOptions input{};
    std::vector<Assignment> at{};
    std::vector<Assignment> region{};
    std::string plane{}; ///< "yx"; empty: y and x
    Extent extent = Extent::Plane;
    bool fillHoles = false;
    bool ledger = false;
    std::string output{}; ///< a .tif or .npy file, or "-"
};

struct ExportOptions {
    InputOptions input{};
    std::vector<Assignment> region{};
    batch::ExportOptions write{}; ///< but for its region
    bool ledger = false;
};

struct OtfOptions {
    InputOptions input{}; ///< the PSF
    std::string output{};
    std::optional<double> background{}; ///< counts; nothing: found in the stack
    bool compatible = false;            ///< cudadecon's centre
    compute::RadialOptions radial{};
};

struct ViewOptions {
    InputOptions input{};
    std::vector<Assignment> at{};
    std::vector<std::array<double, 2>> contrastLimits{};
    std::string channelAxis{};
    std::string plane{};
    int ndisplay = 0; ///< 0: not said
};

struct RenderOptions {
    ViewOptions view{};
    std::string output{};
    int width = 1024;
    int height = 768;
    bool scaleBar = true;
};

struct SampleOptions {
    std::string folder{};
    std::int64_t timepoints = 10;
    std::uint64_t seed = 1;
    std::array<std::int64_t, 3> size{64, 256, 280}; ///< z, y, x of a raw stack
    int threads = 0;
};

/// A command line that was understood.
struct Invocation {
    LogOptions log;
    std::variant<ViewOptions, RenderOptions, InfoOptions, CheckOptions, SliceOptions, ExportOptions, OtfOptions,
                 SampleOptions>
        command;
};

/// A command line that ends at once: help, the version, or a mistake.
struct EarlyExit {
    int code = 0;
    std::string text{}; ///< for standard output where code is 0, else for standard error
};

} // namespace lazulite::cli
