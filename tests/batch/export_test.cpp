#include <nlohmann/json.hpp>

#include "lazulite/io/tiff_file.h"
#include "lazulite/ops/arrays.h"
#include "recording.h"

namespace lazulite::batch::test {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kRecord = "lazulite-export.json";

class Exporting : public Recording {
protected:
    io::TiffTags tagsOf(const std::string& file) const {
        ReadCounts counts;
        return io::TiffFile::open(path(file), counts).valueOrThrow()->tags();
    }
    nlohmann::json record(const std::string& file = "out/lazulite-export.json") const {
        return nlohmann::json::parse(textOf(path(file)));
    }
};

TEST_F(Exporting, WholeVolumesKeepTheNamesAndValuesOfTheirFiles) {
    writeStacks();
    const ExportReport report = exported({});
    EXPECT_EQ(report.written, 6U);
    EXPECT_TRUE(report.failed.empty());
    EXPECT_EQ(namesIn("out"), (Names{stackName(0, 0), stackName(1, 0), stackName(2, 0), stackName(0, 1),
                                     stackName(1, 1), stackName(2, 1), kRecord}));
    for (std::int64_t t = 0; t < 3; ++t) {
        for (std::int64_t c = 0; c < 2; ++c) EXPECT_EQ(valuesIn("out/" + stackName(t, c)), stackValues(t, c));
    }
    EXPECT_EQ(report.costs.reads.pagesRead, 6 * kPlanes);
}

TEST_F(Exporting, TheResultsAreUnderstoodAsTheRecordingWas) {
    writeStacks();
    exported({});
    const Axes before = open()->axes();
    const Axes after = open("out")->axes();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].name, before[i].name);
        EXPECT_EQ(after[i].size, before[i].size);
        EXPECT_DOUBLE_EQ(after[i].spacing, before[i].spacing);
        EXPECT_EQ(after[i].unit, before[i].unit);
    }
}

TEST_F(Exporting, ARegionIsCutOutOfEachVolumeAndChoosesAmongThem) {
    writeStacks();
    exported({.region = Region({{1, 3}, {0, 1}, {1, 3}, {2, 5}, {0, 4}})});
    EXPECT_EQ(namesIn("out"), (Names{stackName(1, 0), stackName(2, 0), kRecord}));
    std::vector<double> cut;
    forEachPosition(Region({{2, 3}, {0, 1}, {1, 3}, {2, 5}, {0, 4}}),
                    [&](const std::vector<std::int64_t>& at) { cut.push_back(expected(at)); });
    EXPECT_EQ(valuesIn("out/" + stackName(2, 0)), cut);
    EXPECT_NE(messageOf([&] {
                  exported({.region = Region({{3, 4}, {0, 1}, {0, 1}, {0, 1}, {0, 1}})});
              }).find("does not lie inside"),
              std::string::npos);
}

TEST_F(Exporting, SubFoldersStay) {
    for (std::int64_t c = 0; c < 2; ++c) {
        for (std::int64_t t = 0; t < 2; ++t)
            writeStack("ch" + std::to_string(c) + "/stack" + std::to_string(t) + ".tif", t, c);
    }
    exported({});
    EXPECT_EQ(namesIn("out"), (Names{"ch0/stack0.tif", "ch0/stack1.tif", "ch1/stack0.tif", "ch1/stack1.tif", kRecord}));
}

TEST_F(Exporting, VolumesThatDoNotComeFromAFileEachAreNamedByTheirPosition) {
    for (std::int64_t t = 0; t < 2; ++t) {
        for (std::int64_t z = 0; z < 3; ++z)
            writeStack("img_t" + std::to_string(t) + "_z" + std::to_string(z) + ".tif", t, 0);
    }
    io::SeriesOptions options;
    options.pattern = "img_t{t}_z{z}.tif";
    options.axesOrder = "t,z,p,y,x";
    const auto series = open("raw", options);
    const Export job(arrayOf(series), {.series = series}, {.output = path("out")});
    job.run(executor_);
    // The planes of each file are an axis of their own, p: neither has a volume one file, nor a file one volume.
    EXPECT_EQ(namesIn("out"), (Names{kRecord, "raw_t0_p0.tif", "raw_t0_p1.tif", "raw_t0_p2.tif", "raw_t0_p3.tif",
                                     "raw_t1_p0.tif", "raw_t1_p1.tif", "raw_t1_p2.tif", "raw_t1_p3.tif"}));
    EXPECT_EQ(job.volumes().front().place, "t=0, p=0");
    EXPECT_EQ(job.volumes().front().sources.size(), 3U);
    EXPECT_EQ(valuesIn("out/raw_t1_p2.tif").size(), static_cast<std::size_t>(3 * kRows * kColumns));
}

TEST_F(Exporting, SeveralVolumesOfOneFileAreNamedAfterIt) {
    writeStack("movie.tif", 0, 0);
    io::SeriesOptions options;
    options.axesOrder = "tyx";
    const auto series = open("raw/movie.tif", options);
    Export(arrayOf(series), {.series = series}, {.output = path("out")}).run(executor_);
    EXPECT_EQ(namesIn("out"), (Names{kRecord, "movie_t0.tif", "movie_t1.tif", "movie_t2.tif", "movie_t3.tif"}));
}

TEST_F(Exporting, AxesThatComeInAnotherOrderAreWrittenAsVolumes) {
    writeStacks();
    const auto series = open();
    const graph::LazyArray turned = ops::transpose(arrayOf(series), {"z", "c", "t", "x", "y"});
    Export(turned, {.series = series}, {.output = path("out")}).run(executor_);
    EXPECT_EQ(valuesIn("out/" + stackName(2, 1)), stackValues(2, 1));
}

TEST_F(Exporting, ANumpyArrayHoldsEverythingInItsOwnOrder) {
    writeStacks();
    const auto series = open();
    const graph::LazyArray turned = ops::transpose(arrayOf(series), {"z", "t", "c", "y", "x"});
    for (const graph::LazyArray& array : {arrayOf(series), turned}) {
        const Export job(array, {.series = series}, {.output = path("all.npy"), .existing = Existing::Replace});
        EXPECT_EQ(job.run(executor_).written, job.volumes().size());
        const std::string bytes = textOf(path("all.npy"));
        const std::vector<double> values = valuesOf(array);
        ASSERT_EQ(bytes.size(), 128 + 2 * values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::uint16_t value = 0;
            std::memcpy(&value, bytes.data() + 128 + 2 * i, 2);
            ASSERT_EQ(value, values[i]) << i;
        }
    }
    EXPECT_EQ(record("all.npy.json")["exports"][0]["volumes"][0]["file"], "all.npy");
}

TEST_F(Exporting, ASingleFileTakesASingleVolume) {
    writeStacks();
    EXPECT_NE(messageOf([&] { exported({.output = path("one.tif")}); }).find("6 volumes do not go into one .tif"),
              std::string::npos);
    exported({.output = path("one.tif"), .region = Region({{1, 2}, {1, 2}, {0, 4}, {0, 6}, {0, 5}})});
    EXPECT_EQ(valuesIn("one.tif"), stackValues(1, 1));
    EXPECT_EQ(record("one.tif.json")["exports"][0]["volumes"][0]["place"], "t=1, c=1");
    EXPECT_NE(messageOf([&] {
                  exported({.output = path("no/such.tif"), .region = Region({{1, 2}, {1, 2}, {0, 4}, {0, 6}, {0, 5}})});
              }).find("no such folder"),
              std::string::npos);
}

TEST_F(Exporting, AnotherTypeIsRoundedAndSaturatedOrScaled) {
    writeStack(stackName(0, 0), 0, 0);
    exported({.output = path("cast"), .dtype = DType::UInt8});
    exported({.output = path("scaled"), .dtype = DType::UInt8, .scale = std::array<double, 2>{10000, 40000}});
    const std::vector<double> raw = stackValues(0, 0);
    const std::vector<double> cast = valuesIn("cast/" + stackName(0, 0));
    const std::vector<double> scaled = valuesIn("scaled/" + stackName(0, 0));
    for (std::size_t i = 0; i < raw.size(); ++i) {
        EXPECT_EQ(cast[i], std::min(raw[i], 255.0));
        EXPECT_NEAR(scaled[i], std::clamp((raw[i] - 10000) / 30000 * 255, 0.0, 255.0), 0.5001);
    }
    EXPECT_NE(messageOf([&] {
                  exported({.dtype = DType::Float32, .scale = std::array<double, 2>{0, 1}});
              }).find("uint16"),
              std::string::npos);
}

TEST_F(Exporting, EveryTypeGetsMetadataThatKnowsIt) {
    writeStack(stackName(0, 0), 0, 0);
    const std::string file = stackName(0, 0);
    const auto description = [&](DType type, MetadataKind kind) {
        exported({.dtype = type, .metadata = kind, .existing = Existing::Replace});
        EXPECT_EQ(open("out/" + file)->axes().front().spacing, type == DType::Int64 ? 1.0 : 0.2) << toString(type);
        EXPECT_NEAR(open("out/" + file)->axes().back().spacing, 0.1, 1e-12) << toString(type);
        return tagsOf("out/" + file).description;
    };
    EXPECT_TRUE(description(DType::UInt16, MetadataKind::Auto).starts_with("ImageJ="));
    EXPECT_TRUE(description(DType::Float32, MetadataKind::Auto).starts_with("ImageJ="));
    EXPECT_NE(description(DType::UInt16, MetadataKind::Ome).find("<OME "), std::string::npos);
    EXPECT_NE(description(DType::Int16, MetadataKind::Auto).find("<OME "), std::string::npos);
    EXPECT_NE(description(DType::Int64, MetadataKind::Auto).find("\"shape\":[4,6,5]"), std::string::npos);
    EXPECT_NE(messageOf([&] { exported({.dtype = DType::Int16, .metadata = MetadataKind::ImageJ}); }).find("int16"),
              std::string::npos);
    EXPECT_NE(messageOf([&] { exported({.dtype = DType::UInt64, .metadata = MetadataKind::Ome}); }).find("uint64"),
              std::string::npos);
}

TEST_F(Exporting, CompressedFilesAreSmallerAndHoldTheSame) {
    writeStack(stackName(0, 0), 0, 0);
    for (const auto compression : {io::TiffWriteOptions::Compression::Deflate, io::TiffWriteOptions::Compression::Zstd,
                                   io::TiffWriteOptions::Compression::Lzw}) {
        exported({.compression = compression, .compressionLevel = 9, .bigTiff = true, .existing = Existing::Replace});
        EXPECT_EQ(valuesIn("out/" + stackName(0, 0)), stackValues(0, 0));
        EXPECT_EQ(textOf(path("out/" + stackName(0, 0))).substr(0, 4), std::string("II\x2b\0", 4)) << "BigTIFF";
    }
}

TEST_F(Exporting, EachFileAndTheRecordTellWhatTheyWereMadeFrom) {
    writeStacks();
    const auto series = open();
    const Provenance provenance{.series = series,
                                .pipelineName = "two\nlines",
                                .pipelinePath = "/some/lattice.toml",
                                .pipelineText = "[pipeline]\n",
                                .files = {"psf.tif"}};
    Export(arrayOf(series), provenance, {.output = path("out")}).run(executor_);
    const std::string description = tagsOf("out/" + stackName(1, 0)).description;
    EXPECT_NE(description.find("\npipeline=two lines\n"), std::string::npos);
    EXPECT_NE(description.find("\nsource=" + stackName(1, 0) + "\n"), std::string::npos);
    const nlohmann::json whole = record();
    ASSERT_EQ(whole["exports"].size(), 1U);
    const nlohmann::json& one = whole["exports"][0];
    EXPECT_EQ(one["pipeline"]["text"], "[pipeline]\n");
    EXPECT_EQ(one["pipeline"]["path"], "/some/lattice.toml");
    EXPECT_EQ(one["pipeline"]["files"][0], "psf.tif");
    EXPECT_EQ(one["recording"]["location"], path("raw"));
    EXPECT_EQ(one["axes"][2]["spacing"], 0.2);
    ASSERT_EQ(one["volumes"].size(), 6U);
    EXPECT_EQ(one["volumes"][3]["place"], "t=1, c=1");
    EXPECT_EQ(one["volumes"][3]["file"], stackName(1, 1));
    EXPECT_EQ(one["volumes"][3]["sources"][0], path("raw/" + stackName(1, 1)));
}

TEST_F(Exporting, TheRecordKeepsWhatItSaysOfOtherFiles) {
    writeStacks();
    const auto at = [](std::int64_t t) { return Region({{t, t + 1}, {0, 2}, {0, 4}, {0, 6}, {0, 5}}); };
    exported({.region = at(0)});
    exported({.region = at(1)});
    EXPECT_EQ(record()["exports"].size(), 1U) << "made alike";
    EXPECT_EQ(record()["exports"][0]["volumes"].size(), 4U);
    exported({.region = at(1), .dtype = DType::Float32, .existing = Existing::Replace});
    ASSERT_EQ(record()["exports"].size(), 2U);
    EXPECT_EQ(record()["exports"][0]["volumes"].size(), 2U);
    EXPECT_EQ(record()["exports"][1]["dtype"], "float32");
    exported({.region = at(0), .dtype = DType::Float32, .existing = Existing::Replace});
    EXPECT_EQ(record()["exports"].size(), 1U);
    write("out/lazulite-export.json", "[1, 2]");
    EXPECT_NE(messageOf([&] { exported({.region = at(2)}); }).find("another file"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(path("out/" + stackName(2, 0))));
}

TEST_F(Exporting, ShardsTogetherMakeTheWhole) {
    writeStacks();
    EXPECT_EQ(exported({}, {}, {.index = 1, .count = 4}).written, 2U);
    EXPECT_EQ(namesIn("out"), (Names{stackName(1, 0), stackName(0, 1), kRecord}));
    const std::string record = textOf(path("out/lazulite-export.json"));
    EXPECT_EQ(exported({}, {}, {.index = 0, .count = 4}).written, 1U) << "results of others do not stand in the way";
    EXPECT_EQ(exported({}, {}, {.index = 2, .count = 4}).written, 1U);
    EXPECT_EQ(exported({}, {}, {.index = 3, .count = 4}).written, 2U);
    EXPECT_EQ(namesIn("out").size(), 7U);
    EXPECT_EQ(textOf(path("out/lazulite-export.json")), record) << "it tells of all from the first on";
    EXPECT_NE(messageOf([&] { exported({}, {}, {.index = 4, .count = 4}); }).find("no part 4 of 4"), std::string::npos);
    EXPECT_NE(
        messageOf([&] { exported({.output = path("all.npy")}, {}, {.index = 0, .count = 2}); }).find("name a folder"),
        std::string::npos);
}

} // namespace
} // namespace lazulite::batch::test
