#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "commands.h"
#include "lazulite/core/error.h"
#include "lazulite/core/units.h"
#include "messages.h"
#include "output.h"
#include "progress_bar.h"
#include "sample/files.h"
#include "sample/recording.h"

namespace lazulite::cli {
namespace {

namespace fs = std::filesystem;

Failure failureAt(const fs::path& path, const std::string& message) {
    return Failure(Error{Error::Kind::BadArgument, message, path.string(), {}});
}

/// Files that vanish again unless everything was written.
class Written {
public:
    explicit Written(fs::path folder) : folder_(std::move(folder)) {}
    Written(const Written&) = delete;
    Written& operator=(const Written&) = delete;
    ~Written() {
        if (kept_) return;
        std::error_code ignored;
        for (const fs::path& path : paths_) fs::remove(path, ignored);
        for (auto made = folders_.rbegin(); made != folders_.rend(); ++made) fs::remove(*made, ignored);
    }

    /// Makes the folder and its parents where they are missing.
    void makeFolder(const fs::path& folder) {
        std::error_code error;
        if (fs::is_directory(folder, error)) return;
        if (folder.has_parent_path() && folder.parent_path() != folder) makeFolder(folder.parent_path());
        if (!fs::create_directory(folder, error) && error) {
            throw failureAt(folder, "the folder cannot be made: " + error.message());
        }
        folders_.push_back(folder);
    }

    void stack(const fs::path& name, const std::vector<std::uint16_t>& values, Axes axes) {
        const std::shared_ptr<const std::byte> data(reinterpret_cast<const std::byte*>(values.data()),
                                                    [](const std::byte*) {});
        paths_.push_back(folder_ / name);
        writeArray(paths_.back().string(), Block(data, DType::UInt16, Region::whole(shapeOf(axes))), axes);
    }

    void text(const fs::path& name, const std::string& content) {
        const fs::path path = folder_ / name;
        paths_.push_back(path);
        std::FILE* file = std::fopen(path.c_str(), "wb");
        if (file == nullptr) throw failureAt(path, "cannot be written; is the folder writable?");
        const bool whole = std::fwrite(content.data(), 1, content.size(), file) == content.size();
        if (std::fclose(file) != 0 || !whole) throw failureAt(path, "cannot be written whole; is the disk full?");
    }

    void keep() { kept_ = true; }

private:
    fs::path folder_;
    std::vector<fs::path> paths_;
    std::vector<fs::path> folders_;
    bool kept_ = false;
};

Axes stackAxes(const std::array<std::int64_t, 3>& size, double depth, double pixel) {
    return {{"z", size[0], depth, "um", {}}, {"y", size[1], pixel, "um", {}}, {"x", size[2], pixel, "um", {}}};
}

std::uint64_t stackBytes(const std::array<std::int64_t, 3>& size) {
    return static_cast<std::uint64_t>(elementCount({size[0], size[1], size[2]})) * sizeof(std::uint16_t);
}

void refuseWhatCannotBe(const SampleOptions& options) {
    constexpr std::uint64_t kLargestStack = 3ULL << 30U;
    const fs::path folder(options.folder);
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error))
        throw failureAt(folder, "is a file; name a new folder");
    if (fs::is_directory(folder, error) && !fs::is_empty(folder, error)) {
        throw failureAt(folder, "is not empty and nothing is overwritten; name a new folder");
    }
    const std::uint64_t stack = stackBytes(options.size);
    if (stack > kLargestStack) {
        throw Failure(fmt::format("--size: a stack would take {}; at most {} are possible", bytesText(stack),
                                  bytesText(kLargestStack)));
    }
    fs::path existing = fs::absolute(folder, error);
    while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
    const fs::space_info space = fs::space(existing, error);
    const std::uint64_t needed = stack * sample::kChannels * static_cast<std::uint64_t>(options.timepoints);
    if (!error && space.available < needed) {
        throw failureAt(folder,
                        fmt::format("the recording takes {} and only {} are free there; ask for fewer --timepoints",
                                    bytesText(needed), bytesText(space.available)));
    }
}

} // namespace

int sampleCommand(const SampleOptions& options) {
    refuseWhatCannotBe(options);
    const sample::Recording recording(
        {.size = options.size, .timepoints = options.timepoints, .seed = options.seed, .threads = options.threads});
    const sample::Optics& optics = recording.optics();

    const fs::path folder(options.folder);
    Written written(folder);
    written.makeFolder(folder);
    written.text("sample_Settings.txt", sample::settingsText(recording));
    std::vector<std::uint16_t> stack(stackBytes(options.size) / sizeof(std::uint16_t));
    {
        ProgressBar writing("writing " + std::to_string(options.timepoints) + " timepoints");
        const auto stacks = static_cast<double>(options.timepoints) * sample::kChannels;
        double done = 0;
        for (std::int64_t t = 0; t < options.timepoints; ++t) {
            for (std::size_t channel = 0; channel < sample::kChannels; ++channel) {
                recording.expose(t, channel, stack);
                written.stack(sample::stackName(recording, t, channel), stack,
                              stackAxes(options.size, optics.stageStep, optics.pixel));
                writing.show(++done / stacks);
            }
        }
    }
    for (std::size_t channel = 0; channel < sample::kChannels; ++channel) {
        const fs::path name(sample::psfName(recording, channel));
        written.makeFolder((folder / name).parent_path());
        written.stack(
            name, recording.pointSpread(channel),
            stackAxes(sample::Recording::kPsfSize, sample::Recording::kPsfVoxel, sample::Recording::kPsfVoxel));
    }
    written.text("lattice.toml", sample::pipelineText(recording));
    written.text("truth.json", sample::truthText(recording));
    written.keep();
    tellDetail(
        fmt::format("wrote {} timepoints of {} channels to {}", options.timepoints, sample::kChannels, options.folder));
    return kExitDone;
}

} // namespace lazulite::cli
