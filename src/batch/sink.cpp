#include "sink.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "lazulite/core/units.h"
#include "lazulite/io/npy_writer.h"
#include "record.h"

namespace lazulite::batch {

namespace {

class TiffSink final : public Sink {
public:
    TiffSink(const std::string& path, io::TiffWriteOptions options) : writer_(path, std::move(options)) {}

    void append(const Block& values) override { writer_.append(values); }
    std::uint64_t finish() override { return writer_.finish(); }

private:
    io::TiffWriter writer_;
};

class NpySink final : public Sink {
public:
    NpySink(std::string path, DType dtype, Shape shape)
        : path_(std::move(path)), writer_(path_, dtype, std::move(shape)) {}

    void append(const Block& values) override { writer_.append(values); }
    std::uint64_t finish() override {
        writer_.finish();
        return std::filesystem::file_size(path_);
    }

private:
    std::string path_;
    io::NpyWriter writer_;
};

/// um between neighbours, 0 where that is not known.
double lengthOf(const Axis& axis) {
    const auto micrometres = micrometresPer(axis.unit);
    return micrometres && axis.spacing > 0 ? axis.spacing * *micrometres : 0;
}

/// Seconds between neighbours, 0 where that is not known.
double timeOf(const Axis& axis) {
    const auto seconds = secondsPer(axis.unit);
    return seconds && axis.spacing > 0 ? axis.spacing * *seconds : 0;
}

/// What is said about a volume in every kind of metadata.
struct Facts {
    double x = 0; ///< um
    double y = 0;
    double z = 0;
    double interval = 0;   ///< s
    double time = -1;      ///< s
    std::string channel{}; ///< its name
    std::int64_t slices = 1;
};

Facts factsOf(const Layout& layout, const Volume& volume) {
    Facts facts;
    facts.x = lengthOf(layout.columns());
    facts.y = lengthOf(layout.rows());
    facts.slices = pagesOf(layout, volume);
    const Axes& axes = layout.axes();
    if (const auto z = findAxis(axes, "z"); z && *z >= layout.outer) facts.z = lengthOf(axes[*z]);
    if (const auto t = findAxis(axes, "t"); t && *t < layout.outer) {
        facts.interval = timeOf(axes[*t]);
        if (facts.interval > 0) facts.time = facts.interval * static_cast<double>(volume.region[*t].begin);
    }
    if (const auto c = channelAxis(axes); c && *c < layout.outer && !axes[*c].labels.empty())
        facts.channel = axes[*c].labels[static_cast<std::size_t>(volume.region[*c].begin)];
    return facts;
}

/// What ImageJ shows about where a stack comes from.
std::string infoText(const Volume& volume, const Provenance& provenance) {
    std::string text;
    for (const std::string& source : volume.sources) text += fmt::format("Source: {}\n", source);
    if (!volume.place.empty()) text += fmt::format("Position: {}\n", volume.place);
    if (!provenance.pipelineText.empty())
        text += fmt::format("Pipeline: {}\n\n{}", provenance.pipelinePath, provenance.pipelineText);
    return text;
}

void addImageJ(io::TiffWriteOptions& tiff, const Facts& facts, const io::TiffNotes& notes) {
    io::ImageJStack stack{.slices = facts.slices, .spacing = facts.z, .interval = facts.interval, .notes = notes};
    if (facts.x > 0 && facts.y > 0) {
        stack.unit = "um";
        tiff.xResolution = 1 / facts.x;
        tiff.yResolution = 1 / facts.y;
    }
    tiff.description = io::imageJDescription(stack);
    if (!facts.channel.empty()) tiff.labels.assign(static_cast<std::size_t>(facts.slices), facts.channel);
}

void addResolution(io::TiffWriteOptions& tiff, const Facts& facts) {
    constexpr double kMicrometresPerCentimetre = 1e4;
    constexpr int kCentimetre = 3;
    if (!(facts.x > 0 && facts.y > 0)) return;
    tiff.xResolution = kMicrometresPerCentimetre / facts.x;
    tiff.yResolution = kMicrometresPerCentimetre / facts.y;
    tiff.resolutionUnit = kCentimetre;
}

void addOme(io::TiffWriteOptions& tiff, const Facts& facts, const io::TiffNotes& notes, const Volume& volume) {
    tiff.description = io::omeDescription({.name = std::filesystem::path(volume.file).stem().string(),
                                           .dtype = tiff.dtype,
                                           .width = tiff.width,
                                           .height = tiff.height,
                                           .slices = facts.slices,
                                           .samples = tiff.samples,
                                           .voxelX = facts.x,
                                           .voxelY = facts.y,
                                           .voxelZ = facts.z,
                                           .interval = facts.interval,
                                           .time = facts.time,
                                           .channel = facts.channel,
                                           .notes = notes});
    addResolution(tiff, facts);
}

void addShape(io::TiffWriteOptions& tiff, const Facts& facts, const io::TiffNotes& notes) {
    Shape shape{facts.slices, tiff.height, tiff.width};
    if (tiff.samples > 1) shape.push_back(tiff.samples);
    tiff.description = io::shapedDescription(shape, notes);
    addResolution(tiff, facts);
}

} // namespace

std::int64_t pagesOf(const Layout& layout, const Volume& volume) {
    std::int64_t pages = 1;
    for (std::size_t i = layout.outer; i + 2 + layout.samples < volume.region.rank(); ++i)
        pages *= volume.region[i].size();
    return pages;
}

std::unique_ptr<Sink> tiffSink(const Layout& layout, const Volume& volume, const Provenance& provenance,
                               const ExportOptions& options, Sink::ForEach forEach) {
    const std::size_t rows = layout.axes().size() - 2 - layout.samples;
    io::TiffWriteOptions tiff;
    tiff.height = volume.region[rows].size();
    tiff.width = volume.region[rows + 1].size();
    tiff.samples = layout.samples > 0 ? volume.region[rows + 2].size() : 1;
    tiff.dtype = layout.array.dtype();
    tiff.compression = options.compression;
    tiff.level = options.compressionLevel;
    tiff.bigTiff = options.bigTiff;
    tiff.forEach = std::move(forEach);
    const Facts facts = factsOf(layout, volume);
    const io::TiffNotes notes = notesFor(volume, provenance, keyOf(layout, volume, options));
    const bool automatic = options.metadata == MetadataKind::Auto;
    const bool imageJ =
        automatic ? io::imageJKnows(tiff.dtype) && layout.samples == 0 : options.metadata == MetadataKind::ImageJ;
    if (imageJ) {
        addImageJ(tiff, facts, notes);
        tiff.info = infoText(volume, provenance);
    } else if (io::omeKnows(tiff.dtype)) {
        addOme(tiff, facts, notes, volume);
    } else {
        addShape(tiff, facts, notes);
    }
    return std::make_unique<TiffSink>(volume.file, std::move(tiff));
}

std::unique_ptr<Sink> npySink(const Layout& layout, const ExportOptions& options) {
    return std::make_unique<NpySink>(options.output, layout.array.dtype(), layout.region.shape());
}

} // namespace lazulite::batch
