#include "parser.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <tuple>
#include <utility>

#include "export_values.h"
#include "lazulite/cli/cli.h"
#include "lazulite/core/error.h"
#include "lazulite/core/units.h"
#include "values.h"

namespace lazulite::cli {
namespace {

constexpr const char* kAbout =
    "Lazulite shows microscopy recordings that are too large to load.\n"
    "PATH is a folder of TIFF files, a file, several files, a glob or a pattern such as 'scan_ch{c}_stack{t}_*.tif'.";

/// Option texts that still have to be understood once all of them are known.
struct InputTexts {
    std::string voxel;
    std::string memory;
    std::vector<std::string> renames;
    std::vector<std::string> spacings;
};

struct ViewTexts {
    InputTexts input;
    std::vector<std::string> at;
    std::vector<std::string> limits;
};

/// An option that takes one value each time it is given and may be given several times.
CLI::Option* addRepeated(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                         const std::string& help) {
    return app.add_option(name, into, help)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void addInput(CLI::App& app, InputOptions& input, InputTexts& texts, bool pathNeeded) {
    auto* paths = app.add_option("PATH", input.paths, "folder, files, glob or pattern");
    if (pathNeeded) paths->required();
    app.add_option("--pattern", input.series.pattern, "file names with fields, such as '*_ch{c}_stack{t}_*.tif'")
        ->group("Data");
    app.add_option("--axes", input.series.axesOrder, "names of all axes in order, such as tczyx")->group("Data");
    app.add_option("--voxel", texts.voxel, "voxel size z,y,x (or y,x) in um")->group("Data");
    addRepeated(app, "--rename-axis", texts.renames, "give an axis another name: OLD=NEW")->group("Data");
    addRepeated(app, "--spacing", texts.spacings, "step along an axis: AXIS=NUMBER[UNIT], such as t=2.5s")
        ->group("Data");
    app.add_option("--memory", texts.memory,
                   "limit of the memory for data, such as 4G (default: 40 % of what there is)")
        ->group("Resources");
    app.add_option("--threads", input.threads, "threads that compute (default: one a core)")
        ->check(CLI::Range(0, 4096))
        ->group("Resources");
}

void addPipeline(CLI::App& app, InputOptions& input) {
    app.add_option("--pipeline", input.pipeline, "work on what this pipeline config makes of the data");
    app.add_option("--backend", input.backend, "where a pipeline is computed: auto, cpu or cuda")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->group("Resources");
}

void finishInput(InputOptions& input, const InputTexts& texts) {
    if (!texts.voxel.empty()) {
        input.series.voxel = parseNumbers(texts.voxel, "--voxel", 2, 3);
        if (std::any_of(input.series.voxel.begin(), input.series.voxel.end(), [](double size) { return size <= 0; })) {
            throw Failure(fmt::format("--voxel: '{}' must hold positive sizes in um", texts.voxel));
        }
    }
    for (const Assignment& rename : parseAssignments(texts.renames, "--rename-axis")) {
        input.series.renames.emplace_back(rename.axis, rename.value);
    }
    for (const Assignment& spacing : parseAssignments(texts.spacings, "--spacing")) {
        const auto [value, unit] = parseQuantity(spacing.value, "--spacing");
        input.series.spacings[spacing.axis] = value;
        if (!unit.empty()) input.series.units[spacing.axis] = unit;
    }
    if (!texts.memory.empty()) {
        constexpr std::uint64_t kLeast = 16ULL << 20U;
        const auto bytes = parseBytes(texts.memory);
        if (!bytes) throw Failure(fmt::format("--memory: '{}' is not a size; write 4G, 512M or bytes", texts.memory));
        if (*bytes < kLeast)
            throw Failure(fmt::format("--memory: '{}' is too little; at least 16M are needed", texts.memory));
        input.memoryLimit = *bytes;
    }
}

/// Options of export that still have to be understood.
struct ExportTexts {
    InputTexts input;
    std::vector<std::string> region;
    std::string dtype;
    std::string scale;
    std::string compression;
    std::string metadata;
    bool resume = false;
    bool overwrite = false;
};

void addExport(CLI::App& app, ExportOptions& options, ExportTexts& texts) {
    addInput(app, options.input, texts.input, true);
    addPipeline(app, options.input);
    addRepeated(app, "--region", texts.region, "part of what there is: t=0:3,c=0,z=10: as in NumPy");
    app.add_option("-o,--output", options.write.output,
                   "a folder for one TIFF a volume, or a .tif file for one volume, or a .npy file for one array")
        ->required();
    app.add_option("--dtype", texts.dtype, "another element type, such as uint16: rounded and saturated");
    app.add_option("--scale", texts.scale, "LOW,HIGH: what becomes the least and the largest value of an integer type");
    app.add_option("--compression", texts.compression, "none (default), deflate, zstd or lzw; deflate:9, zstd:12");
    app.add_option("--metadata", texts.metadata, "auto (default), imagej or ome");
    app.add_flag("--bigtiff", options.write.bigTiff, "BigTIFF also where a file stays below 4 GB");
    auto* resume = app.add_flag("--resume", texts.resume, "keep results that are there, whole and up to date");
    app.add_flag("--overwrite", texts.overwrite, "replace results that are there")->excludes(resume);
    app.add_flag("--fill-holes", options.write.fillHoles, "zeros where a file is missing or bad");
    app.add_flag("--ledger", options.ledger, "tell on standard error what it cost, as one JSON line");
}

void finishExport(ExportOptions& options, const ExportTexts& texts) {
    finishInput(options.input, texts.input);
    options.region = parseAssignments(texts.region, "--region");
    if (!texts.dtype.empty()) options.write.dtype = parseType(texts.dtype, "--dtype");
    if (!texts.scale.empty()) options.write.scale = parseLimits(texts.scale, "--scale");
    if (!texts.compression.empty())
        std::tie(options.write.compression, options.write.compressionLevel) = parseCompression(texts.compression);
    if (!texts.metadata.empty()) options.write.metadata = parseMetadata(texts.metadata);
    options.write.existing = texts.resume      ? batch::Existing::Resume
                             : texts.overwrite ? batch::Existing::Replace
                                               : batch::Existing::Refuse;
}

void addView(CLI::App& app, ViewOptions& view, ViewTexts& texts, bool pathNeeded) {
    addInput(app, view.input, texts.input, pathNeeded);
    addPipeline(app, view.input);
    addRepeated(app, "--at", texts.at, "where to look: t=3,c=1 (axes left out: the middle; negative: from the end)");
    addRepeated(app, "--contrast-limits", texts.limits, "LOW,HIGH for all channels, or once for each channel");
    app.add_option("--channel-axis", view.channelAxis, "the axis whose positions are channels (default: c)");
    app.add_option("--plane", view.plane, "the displayed axes, rows first: yx, zx or zy");
}

void finishView(ViewOptions& view, const ViewTexts& texts) {
    finishInput(view.input, texts.input);
    view.at = parseAssignments(texts.at, "--at");
    for (const std::string& limits : texts.limits)
        view.contrastLimits.push_back(parseLimits(limits, "--contrast-limits"));
}

void addOtf(CLI::App& app, OtfOptions& otf, InputTexts& texts) {
    addInput(app, otf.input, texts, true);
    app.add_option("-o,--output", otf.output, "the OTF: a .tif file of float32")->required();
    app.add_flag("--compatible", otf.compatible, "the same values as cudadecon's: its centre lies 0.6 planes further");
    app.add_option("--background", otf.background, "counts to subtract (default: what rows beside the bead hold)");
    app.add_option("--fix-origin", otf.radial.fixOrigin, "extrapolate kr = 0 from kr = 1 to this (10); 0: leave it")
        ->check(CLI::Range(0, 10000));
    app.add_flag("--clean-up", otf.radial.cleanUp, "zeros outside of what the objective passes");
    app.add_option("--wavelength", otf.radial.wavelength, "of the emission in nm (520)")
        ->check(CLI::Range(100.0, 3000.0));
    app.add_option("--na", otf.radial.na, "numerical aperture (1.25)")->check(CLI::Range(0.01, 2.0));
    app.add_option("--immersion-index", otf.radial.immersionIndex, "refractive index (1.3)")
        ->check(CLI::Range(1.0, 3.0));
}

/// The command line with the default command made plain: "lazulite PATH" is "lazulite view PATH".
void insertDefaultCommand(std::vector<std::string>& arguments, const std::vector<std::string>& commands,
                          bool windowed) {
    std::size_t first = 0;
    while (first < arguments.size()) {
        const std::string& word = arguments[first];
        if (word == "--log-file") {
            first += 2;
        } else if (word == "--quiet" || word == "-q" || word == "--verbose" || word == "-v" ||
                   word.starts_with("--log-file=")) {
            ++first;
        } else {
            break;
        }
    }
    if (first < arguments.size()) {
        const std::string& word = arguments[first];
        if (word == "--help" || word == "-h" || word == "--version") return;
        if (std::find(commands.begin(), commands.end(), word) != commands.end()) return;
    }
    if (first > arguments.size()) return;
    if (!windowed) {
        const std::string given = first < arguments.size()
                                      ? fmt::format("'{}' is none of its commands", arguments[first])
                                      : std::string("no command was given");
        throw Failure(
            fmt::format("{}: this lazulite was built without the window (LAZULITE_GUI=OFF), so view and render are "
                        "missing; use info, check, slice, export, otf or sample",
                        given));
    }
    arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(first), "view");
}

} // namespace

std::variant<Invocation, EarlyExit> parse(std::vector<std::string> arguments, bool windowed,
                                          const std::function<std::string()>& version) {
    CLI::App app{kAbout, "lazulite"};
    app.require_subcommand(0, 1);
    app.fallthrough();
    app.set_help_flag("-h,--help", "what the program or a command takes");
    bool showVersion = false;
    app.add_flag("--version", showVersion, "versions of the program and its libraries, and the backends found");

    Invocation invocation;
    app.add_flag("-q,--quiet", invocation.log.quiet, "only errors, no progress bars");
    app.add_flag("-v,--verbose", invocation.log.verbose, "tell what is done");
    app.add_option("--log-file", invocation.log.file, "append messages to a file as well");

    ViewOptions view;
    ViewTexts viewTexts;
    RenderOptions render;
    ViewTexts renderTexts;
    std::string pictureSize;
    bool noScaleBar = false;
    bool threeD = false;
    CLI::App* viewCommand = nullptr;
    CLI::App* renderCommand = nullptr;
    if (windowed) {
        viewCommand = app.add_subcommand("view", "open the window (what happens without a command)");
        addView(*viewCommand, view, viewTexts, false);
        viewCommand->add_option("--ndisplay", view.ndisplay, "2: a slice, 3: the volume")->check(CLI::IsMember({2, 3}));

        renderCommand = app.add_subcommand("render", "write the picture that the window would show to a PNG file");
        addView(*renderCommand, render.view, renderTexts, true);
        renderCommand->add_option("-o,--output", render.output, "the PNG file")->required();
        renderCommand->add_flag("--3d", threeD, "the volume instead of a slice");
        renderCommand->add_option("--size", pictureSize, "WIDTHxHEIGHT in pixels (1024x768)");
        renderCommand->add_flag("--no-scale-bar", noScaleBar, "leave out the scale bar");
    }

    InfoOptions info;
    InputTexts infoTexts;
    auto* infoCommand = app.add_subcommand("info", "tell what the files hold: axes, type, sizes, holes");
    addInput(*infoCommand, info.input, infoTexts, true);
    addPipeline(*infoCommand, info.input);
    infoCommand->add_flag("--json", info.json, "as one JSON object");

    CheckOptions check;
    InputTexts checkTexts;
    auto* checkCommand = app.add_subcommand("check", "check a pipeline config, and tell what it makes of the data");
    checkCommand->add_option("CONFIG", check.config, "the pipeline config, a TOML file");
    addInput(*checkCommand, check.input, checkTexts, false);
    checkCommand->add_flag("--json", check.json, "as one JSON object");
    checkCommand->add_flag("--schema", check.schema, "tell all steps and their parameters, as Markdown");

    SliceOptions slice;
    InputTexts sliceTexts;
    std::vector<std::string> sliceAt;
    std::vector<std::string> sliceRegion;
    bool volume = false;
    bool all = false;
    auto* sliceCommand = app.add_subcommand("slice", "write the exact values of a plane, a volume or everything");
    addInput(*sliceCommand, slice.input, sliceTexts, true);
    addPipeline(*sliceCommand, slice.input);
    addRepeated(*sliceCommand, "--at", sliceAt,
                "which plane: t=3,c=0,z=10 (axes left out: the middle; negative: from the end)");
    addRepeated(*sliceCommand, "--region", sliceRegion, "part of the axes that are written: y=0:100,x=5: as in NumPy");
    auto* planeOption = sliceCommand->add_option("--plane", slice.plane,
                                                 "the axes that are written, rows first: yx (default), zx or zy");
    auto* volumeFlag = sliceCommand->add_flag("--volume", volume, "the whole (z, y, x) stack");
    auto* allFlag = sliceCommand->add_flag("--all", all, "the whole array");
    planeOption->excludes(volumeFlag)->excludes(allFlag);
    volumeFlag->excludes(allFlag);
    sliceCommand->add_option("-o,--output", slice.output, "a .tif or .npy file, or - for .npy on standard output")
        ->required();
    sliceCommand->add_flag("--fill-holes", slice.fillHoles,
                           "zeros where a file is missing or bad, instead of an error");
    sliceCommand->add_flag("--ledger", slice.ledger, "tell on standard error what reading cost, as one JSON line");

    ExportOptions exported;
    ExportTexts exportTexts;
    auto* exportCommand = app.add_subcommand("export", "write whole volumes, raw or computed, to files");
    addExport(*exportCommand, exported, exportTexts);

    OtfOptions otf;
    InputTexts otfTexts;
    auto* otfCommand = app.add_subcommand("otf", "write the OTF of a PSF, as LLSpy and cudadecon take it");
    addOtf(*otfCommand, otf, otfTexts);

    SampleOptions sample;
    std::string sampleSize;
    auto* sampleCommand =
        app.add_subcommand("sample", "write a synthetic lattice light-sheet recording with known truth");
    sampleCommand->add_option("DIR", sample.folder, "a new or empty folder")->required();
    sampleCommand->add_option("--timepoints", sample.timepoints, "how many (10)")->check(CLI::Range(1, 100000));
    sampleCommand->add_option("--seed", sample.seed, "another seed, another recording (1)");
    sampleCommand->add_option("--size", sampleSize, "planes,rows,columns of a raw stack (64,256,280)");
    sampleCommand->add_option("--threads", sample.threads, "threads that compute (default: one a core)")
        ->check(CLI::Range(0, 4096));

    try {
        const std::vector<std::string> commands =
            windowed ? std::vector<std::string>{"view", "render", "info", "check", "slice", "export", "otf", "sample"}
                     : std::vector<std::string>{"info", "check", "slice", "export", "otf", "sample"};
        insertDefaultCommand(arguments, commands, windowed);
        std::reverse(arguments.begin(), arguments.end());
        app.parse(arguments);
        if (showVersion) return EarlyExit{kExitDone, version()};
        if (invocation.log.quiet && invocation.log.verbose)
            throw Failure("--quiet and --verbose contradict each other");
        if (infoCommand->parsed()) {
            finishInput(info.input, infoTexts);
            invocation.command = std::move(info);
        } else if (checkCommand->parsed()) {
            if (check.config.empty() && !check.schema) throw Failure("check: name a pipeline config (or --schema)");
            finishInput(check.input, checkTexts);
            invocation.command = std::move(check);
        } else if (sliceCommand->parsed()) {
            finishInput(slice.input, sliceTexts);
            slice.at = parseAssignments(sliceAt, "--at");
            slice.region = parseAssignments(sliceRegion, "--region");
            slice.extent = all      ? SliceOptions::Extent::All
                           : volume ? SliceOptions::Extent::Volume
                                    : SliceOptions::Extent::Plane;
            invocation.command = std::move(slice);
        } else if (exportCommand->parsed()) {
            finishExport(exported, exportTexts);
            invocation.command = std::move(exported);
        } else if (otfCommand->parsed()) {
            finishInput(otf.input, otfTexts);
            invocation.command = std::move(otf);
        } else if (sampleCommand->parsed()) {
            if (!sampleSize.empty()) sample.size = parseSize(sampleSize, "--size");
            invocation.command = std::move(sample);
        } else if (renderCommand != nullptr && renderCommand->parsed()) {
            finishView(render.view, renderTexts);
            render.view.ndisplay = threeD ? 3 : 0;
            render.scaleBar = !noScaleBar;
            if (!pictureSize.empty()) std::tie(render.width, render.height) = parsePixels(pictureSize, "--size");
            invocation.command = std::move(render);
        } else {
            finishView(view, viewTexts);
            invocation.command = std::move(view);
        }
        return invocation;
    } catch (const CLI::CallForHelp&) {
        const auto parsed = app.get_subcommands();
        return EarlyExit{kExitDone, parsed.empty() ? app.help() : parsed.front()->help("lazulite")};
    } catch (const CLI::ParseError& error) {
        const auto parsed = app.get_subcommands();
        const std::string command = parsed.empty() ? "" : " " + parsed.front()->get_name();
        return EarlyExit{kExitBadInput,
                         fmt::format("lazulite{0}: {1}\nSee lazulite{0} --help\n", command, error.what())};
    } catch (const Failure& failure) {
        return EarlyExit{kExitBadInput, fmt::format("lazulite: {}\n", failure.what())};
    }
}

} // namespace lazulite::cli
