#include "parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lazulite::cli {
namespace {

using Words = std::vector<std::string>;

std::variant<Invocation, EarlyExit> parseWords(const Words& words, bool windowed = true) {
    return parse(words, windowed, [] { return std::string("the version\n"); });
}

template <typename Options>
Options optionsOf(const Words& words) {
    auto parsed = parseWords(words);
    if (auto* early = std::get_if<EarlyExit>(&parsed)) {
        ADD_FAILURE() << early->text;
        return {};
    }
    return std::get<Options>(std::get<Invocation>(parsed).command);
}

EarlyExit exitOf(const Words& words, bool windowed = true) {
    auto parsed = parseWords(words, windowed);
    if (!std::holds_alternative<EarlyExit>(parsed)) {
        ADD_FAILURE() << "was accepted";
        return {};
    }
    return std::get<EarlyExit>(parsed);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Parser, WithoutACommandItIsView) {
    const auto view =
        optionsOf<ViewOptions>({"data", "--at", "t=3,c=1", "--contrast-limits", "0,2000", "--ndisplay", "3"});
    EXPECT_EQ(view.input.paths, Words{"data"});
    EXPECT_EQ(view.at, (std::vector<Assignment>{{"t", "3"}, {"c", "1"}}));
    EXPECT_EQ(view.contrastLimits.front(), (std::array<double, 2>{0, 2000}));
    EXPECT_EQ(view.ndisplay, 3);
    EXPECT_EQ(optionsOf<ViewOptions>({"--at", "t=3", "data"}).input.paths, Words{"data"});
    EXPECT_EQ(optionsOf<ViewOptions>({"view", "data"}).input.paths, Words{"data"});
    EXPECT_TRUE(optionsOf<ViewOptions>({}).input.paths.empty());
    EXPECT_EQ(optionsOf<ViewOptions>({"--quiet", "data"}).input.paths, Words{"data"});
}

TEST(Parser, ManyFilesAreManyPaths) {
    EXPECT_EQ(optionsOf<ViewOptions>({"a.tif", "b.tif", "c.tif"}).input.paths, (Words{"a.tif", "b.tif", "c.tif"}));
}

TEST(Parser, AnExportSaysWhatAndHowToWrite) {
    const auto options = optionsOf<ExportOptions>(
        {"export",   "data",      "-o",        "out",    "--pipeline",    "p.toml", "--region",   "t=0:3,c=1",
         "--dtype",  "uint8",     "--scale",   "10,200", "--compression", "zstd:7", "--metadata", "ome",
         "--resume", "--bigtiff", "--backend", "cpu"});
    EXPECT_EQ(options.write.output, "out");
    EXPECT_EQ(options.input.pipeline, "p.toml");
    EXPECT_EQ(options.input.backend, "cpu");
    EXPECT_EQ(options.region, (std::vector<Assignment>{{"t", "0:3"}, {"c", "1"}}));
    EXPECT_EQ(options.write.dtype, DType::UInt8);
    EXPECT_EQ(options.write.scale, (std::array<double, 2>{10, 200}));
    EXPECT_EQ(options.write.compression, io::TiffWriteOptions::Compression::Zstd);
    EXPECT_EQ(options.write.compressionLevel, 7);
    EXPECT_EQ(options.write.metadata, batch::MetadataKind::Ome);
    EXPECT_EQ(options.write.existing, batch::Existing::Resume);
    EXPECT_TRUE(options.write.bigTiff);
    EXPECT_EQ(optionsOf<ExportOptions>({"export", "data", "-o", "out"}).write.existing, batch::Existing::Refuse);
    EXPECT_TRUE(contains(exitOf({"export", "data", "-o", "out", "--resume", "--overwrite"}).text, "--overwrite"));
    EXPECT_TRUE(contains(exitOf({"export", "data"}).text, "--output"));
    EXPECT_TRUE(contains(exitOf({"export", "data", "-o", "x", "--backend", "tpu"}).text, "tpu"));
}

TEST(Parser, HowDataAreUnderstoodCanBeOverridden) {
    const auto info =
        optionsOf<InfoOptions>({"info", "data", "--json", "--pattern", "*_ch{c}_t{t}*", "--axes", "tczyx", "--voxel",
                                "0.3,0.1,0.1", "--rename-axis", "t=p", "--spacing", "p=2.5s", "--memory", "4G"});
    EXPECT_TRUE(info.json);
    EXPECT_EQ(info.input.series.pattern, "*_ch{c}_t{t}*");
    EXPECT_EQ(info.input.series.axesOrder, "tczyx");
    EXPECT_EQ(info.input.series.voxel, (std::vector<double>{0.3, 0.1, 0.1}));
    EXPECT_EQ(info.input.series.renames.front(), std::pair(std::string("t"), std::string("p")));
    EXPECT_EQ(info.input.series.spacings.at("p"), 2.5);
    EXPECT_EQ(info.input.series.units.at("p"), "s");
    EXPECT_EQ(info.input.memoryLimit, 4ULL << 30U);
}

TEST(Parser, SliceTakesAPlaneAVolumeOrEverything) {
    const auto plane = optionsOf<SliceOptions>(
        {"slice", "data", "--at", "t=3", "--at", "z=-1", "--plane", "zx", "--region", "x=5:", "-o", "-", "--ledger"});
    EXPECT_EQ(plane.at, (std::vector<Assignment>{{"t", "3"}, {"z", "-1"}}));
    EXPECT_EQ(plane.region, (std::vector<Assignment>{{"x", "5:"}}));
    EXPECT_EQ(plane.plane, "zx");
    EXPECT_EQ(plane.output, "-");
    EXPECT_TRUE(plane.ledger);
    EXPECT_EQ(plane.extent, SliceOptions::Extent::Plane);
    EXPECT_EQ(optionsOf<SliceOptions>({"slice", "data", "--volume", "-o", "a.tif"}).extent,
              SliceOptions::Extent::Volume);
    EXPECT_EQ(optionsOf<SliceOptions>({"slice", "data", "--all", "-o", "a.tif"}).extent, SliceOptions::Extent::All);
}

TEST(Parser, LimitsMayBeNegativeAndOneAChannel) {
    const auto view = optionsOf<ViewOptions>({"data", "--contrast-limits", "-5,10", "--contrast-limits", "0,20"});
    ASSERT_EQ(view.contrastLimits.size(), 2U);
    EXPECT_EQ(view.contrastLimits[0], (std::array<double, 2>{-5, 10}));
    EXPECT_EQ(view.contrastLimits[1], (std::array<double, 2>{0, 20}));
}

TEST(Parser, CheckTakesAConfigAndThenTheData) {
    const auto check = optionsOf<CheckOptions>({"check", "p.toml", "a", "b", "--voxel", "3,1,1", "--json"});
    EXPECT_EQ(check.config, "p.toml");
    EXPECT_EQ(check.input.paths, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(check.input.series.voxel, (std::vector<double>{3, 1, 1}));
    EXPECT_TRUE(check.json);
    EXPECT_TRUE(optionsOf<CheckOptions>({"check", "p.toml"}).input.paths.empty());
    EXPECT_TRUE(optionsOf<CheckOptions>({"check", "--schema"}).schema);
}

TEST(Parser, RenderKnowsSizeAndDimensions) {
    const auto render =
        optionsOf<RenderOptions>({"render", "data", "-o", "a.png", "--3d", "--size", "640x480", "--no-scale-bar"});
    EXPECT_EQ(render.view.ndisplay, 3);
    EXPECT_EQ(render.width, 640);
    EXPECT_EQ(render.height, 480);
    EXPECT_FALSE(render.scaleBar);
}

TEST(Parser, SampleHasUsualValues) {
    const auto sample = optionsOf<SampleOptions>({"sample", "out"});
    EXPECT_EQ(sample.folder, "out");
    EXPECT_EQ(sample.timepoints, 10);
    EXPECT_EQ(sample.size, (std::array<std::int64_t, 3>{64, 256, 280}));
    EXPECT_EQ(optionsOf<SampleOptions>({"sample", "out", "--timepoints", "3", "--size", "8,16,24", "--seed", "7"}).seed,
              7U);
}

TEST(Parser, HelpAndVersionEndWell) {
    for (const Words& words : {Words{"--help"}, Words{"info", "--help"}, Words{"slice", "-h"}, Words{"-h"}}) {
        const EarlyExit early = exitOf(words);
        EXPECT_EQ(early.code, 0);
        EXPECT_FALSE(early.text.empty());
    }
    EXPECT_TRUE(contains(exitOf({"slice", "--help"}).text, "--region"));
    EXPECT_EQ(exitOf({"--version"}).text, "the version\n");
}

TEST(Parser, MistakesEndWithCodeTwoAndNameWhatIsWrong) {
    struct Row {
        Words words;
        std::string named;
    };
    for (const Row& row : std::vector<Row>{
             {{"info"}, "PATH"},
             {{"info", "data", "--nonsense"}, "--nonsense"},
             {{"data", "--nonsense"}, "--nonsense"},
             {{"slice", "data"}, "--output"},
             {{"slice", "data", "-o", "a.tif", "--all", "--volume"}, "--volume"},
             {{"slice", "data", "-o", "a.tif", "--all", "--plane", "yx"}, "--plane"},
             {{"slice", "data", "-o", "a.tif", "--at", "t"}, "AXIS=VALUE"},
             {{"slice", "data", "-o", "a.tif", "--at"}, "--at"},
             {{"info", "data", "--voxel", "1,x"}, "--voxel"},
             {{"info", "data", "--voxel", "1,-1"}, "--voxel"},
             {{"info", "data", "--memory", "much"}, "--memory"},
             {{"info", "data", "--memory", "1K"}, "--memory"},
             {{"view", "data", "--ndisplay", "4"}, "--ndisplay"},
             {{"render", "data", "-o", "a.png", "--size", "big"}, "--size"},
             {{"sample", "out", "--timepoints", "0"}, "--timepoints"},
             {{"sample", "out", "--timepoints", "many"}, "--timepoints"},
             {{"info", "data", "--quiet", "--verbose"}, "--quiet"},
         }) {
        const EarlyExit early = exitOf(row.words);
        EXPECT_EQ(early.code, 2);
        EXPECT_TRUE(contains(early.text, row.named)) << early.text;
    }
}

TEST(Parser, ABuildWithoutTheWindowSaysSo) {
    for (const Words& words : {Words{"view", "data"}, Words{"render", "data", "-o", "a.png"}, Words{"data"}, Words{}}) {
        const EarlyExit early = exitOf(words, false);
        EXPECT_EQ(early.code, 2);
        EXPECT_TRUE(contains(early.text, "without the window")) << early.text;
    }
    EXPECT_TRUE(std::holds_alternative<Invocation>(parseWords({"info", "data"}, false)));
}

} // namespace
} // namespace lazulite::cli
