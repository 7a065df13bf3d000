#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "lazulite/pipeline/pipeline.h"
#include "recording.h"

namespace lazulite::pipeline {
namespace {

struct Case {
    const char* text;
    const char* messages; ///< "line:column: text", one a line
};

/// What is wrong with configs once they meet data.
class Mistakes : public ::testing::Test {
protected:
    Mistakes() {
        writePsf(folder_ / "psf_488.tif");
        writePsf(folder_ / "unknown_voxel.tif", 0);
        writeStack(folder_ / "plane.tif", DType::UInt16, {7, 7}, [](const auto&) { return 1.0; });
        writeStack(folder_ / "floats.tif", DType::Float32, {7, 8}, [](const auto& at) { return 100.0 + at[1]; });
        writeStack(folder_ / "nan.tif", DType::Float32, {3, 4, 4}, [](const auto& at) {
            return at[0] == 1 && at[1] == 2 ? std::numeric_limits<double>::quiet_NaN() : 1.0;
        });
        writeStack(folder_ / "dark.tif", DType::UInt16, {3, 4, 4}, [](const auto&) { return 0.0; });
        writeStack(folder_ / "flat.tif", DType::UInt16, {10, 12}, [](const auto&) { return 1.0; });
        folder_.write("text.tif", "no image");
        folder_.write("shifts.csv", "t, z, y, x\n0, 0, 0, 0\n1, 0.1, none, 0\n");
    }

    std::string told(const std::string& text, const Axes& axes = recordingAxes()) const {
        const Parsed parsed = parseConfig(text, folder_ / "p.toml");
        const auto raw = graph::LazyArray::fromSource(recordingOf(axes));
        std::string lines;
        for (const Message& message : buildPipeline(parsed, raw, {}).messages) {
            const std::string line = message.toString() + "\n";
            lines += line.starts_with(parsed.config.path) ? line.substr(parsed.config.path.size() + 1) : line;
        }
        for (std::size_t at = lines.find(folder_.path()); at != std::string::npos; at = lines.find(folder_.path())) {
            lines.replace(at, folder_.path().size(), "FOLDER");
        }
        return lines;
    }

    void expect(const std::vector<Case>& cases, const Axes& axes = recordingAxes()) const {
        for (const Case& broken : cases) EXPECT_EQ(told(broken.text, axes), broken.messages) << broken.text;
    }

    testing::TemporaryFolder folder_;
};

TEST_F(Mistakes, AreToldAtTheAxesThatDoNotFit) {
    expect({
        {"[[step]]\n"
         "op = \"crop\"\n"
         "z = \"2:\"\n"
         "chanels = [0]\n",
         "4:1: unknown key `chanels` of the step \"crop\"; did you mean `channels`?\n"},
        {"[[step]]\n"
         "op = \"crop\"\n"
         "q = \"2:\"\n"
         "z = \"7:\"\n"
         "y = \"-3:2\"\n",
         "3:1: there is no axis `q`; the axes here are t, c, z, y, x\n"
         "4:5: `z` = \"7:\" leaves nothing: the axis has 7 elements here, 0 to 6\n"
         "5:5: `y` = \"-3:2\" leaves nothing: the axis has 10 elements here, 0 to 9\n"},
        {"[[step]]\n"
         "op = \"select\"\n"
         "t = 3\n"
         "c = \"561 nm\"\n"
         "lable = \"a\"\n",
         "3:5: `t`: there is no position 3 on axis t; there are 0 to 2\n"
         "4:5: `c`: axis c has no label \"561 nm\" (did you mean \"560 nm\"?); there are 0 to 1 (\"488 nm\", \"560 "
         "nm\")\n"
         "5:1: there is no axis `lable`; the axes here are t, c, z, y, x\n"},
        {"[[step]]\n"
         "op = \"transpose\"\n"
         "order = [\"z\", \"y\", \"x\"]\n",
         "3:9: `order` leaves out the axis t; name all of them: t, c, z, y, x\n"},
        {"[[step]]\n"
         "op = \"transpose\"\n"
         "order = [\"z\", \"y\", \"x\", \"time\", \"c\"]\n",
         "3:9: `order` leaves out the axis t; name all of them: t, c, z, y, x\n"
         "3:25: there is no axis `time` (did you mean `t`?); the axes here are t, c, z, y, x\n"},
        {"[[step]]\n"
         "op = \"split-axis\"\n"
         "axis = \"t\"\n"
         "into = [\"p\", \"t\"]\n"
         "size = 2\n",
         "5:8: `size` must divide the 3 elements of axis t; 2 does not\n"},
        {"[[step]]\n"
         "op = \"split-axis\"\n"
         "axis = \"t\"\n"
         "into = [\"z\", \"t\"]\n"
         "size = 3\n",
         "4:8: there is an axis `z` already; choose another name\n"},
        {"[[step]]\n"
         "op = \"split-axis\"\n"
         "axis = \"t\"\n"
         "into = [\"p\"]\n"
         "size = 3\n",
         "4:8: `into` names two axes; the second one runs faster\n"},
        {"[[step]]\n"
         "op = \"merge-axis\"\n"
         "axes = [\"t\", \"c\", \"z\"]\n",
         "3:8: `axes` names two axes, not 3; the second one runs faster\n"},
        {"[[step]]\n"
         "op = \"merge-axis\"\n"
         "axes = [\"t\", \"z\"]\n"
         "into = \"x\"\n",
         "4:8: there is an axis `x` already; choose another name\n"},
        {"[[step]]\n"
         "op = \"project\"\n"
         "axis = \"zz\"\n"
         "[[step]]\n"
         "op = \"project\"\n"
         "range = \"9:\"\n",
         "3:8: there is no axis `zz` (did you mean `z`?); the axes here are t, c, z, y, x\n"
         "6:9: `range` = \"9:\" leaves nothing: axis z has 7 elements here, 0 to 6\n"},
        {"[[step]]\n"
         "op = \"select\"\n"
         "z = 0\n"
         "[[step]]\n"
         "op = \"deskew\"\n",
         "5:6: the step \"deskew\" needs stacks, but there is no axis z here; is another axis the z axis? "
         "(--rename-axis OLD=z)\n"},
        {"[view]\n"
         "scale = { z = 1, w = 3 }\n",
         "2:18: `scale`: the result has no axis `w`; its axes are t, c, z, y, x\n"},
        {"[view]\n"
         "contrast-limits = [[1, 2], [1, 3], [1, 4]]\n",
         "2:19: `contrast-limits` has 3 pairs, but the result has 2 channel(s); write one pair for all or one for "
         "each\n"},
    });
}

TEST_F(Mistakes, AreToldAtTheChannelsThatThereAreNot) {
    expect({
        {"[[step]]\n"
         "op = \"deskew\"\n"
         "channels = [2, \"488\", \"red\"]\n",
         "3:13: there is no channel \"2\"; there are 0 to 1 (\"488 nm\", \"560 nm\")\n"
         "3:23: there is no channel \"red\"; there are 0 to 1 (\"488 nm\", \"560 nm\")\n"},
        {"[[step]]\n"
         "op = \"deskew\"\n"
         "channels = [0]\n",
         "2:6: a step that changes the size or the spacing of an axis must be applied to all channels alike: leave out "
         "`channels`\n"},
        {"[[step]]\n"
         "op = \"select\"\n"
         "t = 0\n"
         "channels = [0]\n",
         "4:13: the step \"select\" is for all channels together; leave out `channels`\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = { ch0 = \"psf_488.tif\" }\n",
         "3:7: `psf` says nothing for channel 1; add ch1 = ..., or limit the step with channels = [...]\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = { ch0 = \"psf_488.tif\", ch7 = \"psf_488.tif\", 0 = \"psf_488.tif\" }\n",
         "3:7: `psf` says nothing for channel 1; add ch1 = ..., or limit the step with channels = [...]\n"
         "3:30: `psf`: there is no channel \"ch7\"; there are 0 to 1 (\"488 nm\", \"560 nm\")\n"
         "3:51: `psf`: channel 0 is named twice\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = { ch0 = \"psf_48.tif\", ch7 = \"psf_488.tif\" }\n",
         "3:7: `psf` says nothing for channel 1; add ch1 = ..., or limit the step with channels = [...]\n"
         "3:15: `psf`: there is no file \"psf_48.tif\" in FOLDER; did you mean \"psf_488.tif\"?\n"
         "3:29: `psf`: there is no channel \"ch7\"; there are 0 to 1 (\"488 nm\", \"560 nm\")\n"},
        {"[[step]]\n"
         "op = \"math\"\n"
         "expression = \"ch0 + ch2\"\n",
         "3:21: `expression`: there is no channel ch2; the data have ch0 and ch1\n"},
        {"[[step]]\n"
         "op = \"math\"\n"
         "expression = \"'488 nm' \\u002B \\\"642 nm\\\"\"\n",
         "3:31: `expression`: no channel is labelled \"642 nm\"; the labels are \"488 nm\", \"560 nm\"\n"},
        {"[[step]]\n"
         "op = \"math\"\n"
         "expression = \"ch0\"\n"
         "name = \"560 nm\"\n",
         "4:8: `name`: there is a channel \"560 nm\" already; give the new one another name\n"},
        {"[[step]]\n"
         "op = \"math\"\n"
         "expression = \"\"\"\n"
         "ch0\n"
         "  + foo(ch1)\"\"\"\n",
         "5:5: `expression`: there is no function foo; there are abs, ceil, clip, exp, floor, log, log10, log2, max, "
         "min, round, sqrt, where\n"},
    });
}

TEST_F(Mistakes, AreToldAtTheFilesThatAreOfNoUse) {
    expect({
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"psf_48.tif\"\n",
         "3:7: `psf`: there is no file \"psf_48.tif\" in FOLDER; did you mean \"psf_488.tif\"?\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = { ch0 = \"psf_488.tif\", \"560 nm\" = \"nan.tif\" }\n",
         "3:41: `psf`: \"nan.tif\" holds NaN at element 24\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"plane.tif\"\n"
         "[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"dark.tif\"\n",
         "3:7: `psf`: \"plane.tif\" is a single plane, but the data are stacks; a PSF of them is a stack too\n"
         "6:7: `psf`: \"dark.tif\" sums up to 0: there is no light in it\n"},
        {"[[step]]\n"
         "op = \"deskew\"\n"
         "[[step]]\n"
         "op = \"deskew\"\n"
         "[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"psf_488.tif\"\n"
         "skewed = true\n",
         "4:6: the data are deskewed already, by a step before this one; remove one of them\n"
         "8:10: `skewed`: the data are deskewed before this step; move it before the deskew, or leave `skewed` out\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"floats.tif\"\n"
         "psf-voxel = 0.1\n",
         "3:7: `psf`: \"floats.tif\" is a single plane, but the data are stacks; a PSF of them is a stack too\n"},
        {"[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"unknown_voxel.tif\"\n"
         "[[step]]\n"
         "op = \"deconvolve\"\n"
         "psf = \"text.tif\"\n",
         "3:7: `psf`: \"unknown_voxel.tif\" does not say its voxel size; write psf-voxel = [z, y, x] in um\n"
         "6:7: `psf`: FOLDER/text.tif: this is not a TIFF file: it does not begin with a TIFF header\n"},
        {"[[step]]\n"
         "op = \"flat-field\"\n"
         "flat = \"plane.tif\"\n"
         "dark = \"none.tif\"\n",
         "3:8: `flat`: \"plane.tif\" is 7 x 7 (y, x), but it must be as high and wide as the data here, 3 x 2 x 7 x 10 "
         "x 12 (t, c, z, y, x)\n"
         "4:8: `dark`: there is no file \"none.tif\" in FOLDER; did you mean \"nan.tif\"?\n"},
        {"[[step]]\n"
         "op = \"drift\"\n"
         "shifts = \"shifts.csv\"\n"
         "reference = \"first\"\n",
         "3:10: `shifts`: FOLDER/shifts.csv: line 3: \"none\" is not a number\n"
         "4:13: `reference` is for shifts that are estimated; leave it out beside `shifts`\n"},
    });
}

TEST_F(Mistakes, AreToldAtParametersThatContradictEachOther) {
    expect({
        {"[[step]]\n"
         "op = \"camera\"\n"
         "offset = 3\n"
         "offset-image = \"flat.tif\"\n"
         "residual-a = \"flat.tif\"\n",
         "4:16: `offset` and `offset-image` exclude each other; leave one out\n"
         "5:14: the residual needs two images; `residual-b` is missing\n"},
        {"[[step]]\n"
         "op = \"background\"\n"
         "[[step]]\n"
         "op = \"background\"\n"
         "value = 3\n"
         "percentile = 2\n",
         "2:6: the step \"background\" needs one of `value`, `percentile` and `image`\n"
         "6:14: `value`, `percentile` and `image` exclude each other; leave one\n"},
        {"[[step]]\n"
         "op = \"bleach\"\n"
         "reference = 3\n",
         "3:13: `reference`: there is no timepoint 3; there are 0 to 2\n"},
        {"[[step]]\n"
         "op = \"smooth\"\n"
         "radius = 2\n"
         "[[step]]\n"
         "op = \"smooth\"\n"
         "kind = \"median\"\n"
         "sigma = 2\n",
         "3:10: `radius` belongs to kind = \"median\"\n"
         "7:9: `sigma` belongs to kind = \"gaussian\"\n"},
        {"[[step]]\n"
         "op = \"rescale\"\n"
         "low = 3\n"
         "high = 2\n",
         "4:8: `high` must not be less than `low`\n"},
        {"[[step]]\n"
         "op = \"drift\"\n"
         "shifts = [[0, 0, 0]]\n"
         "[[step]]\n"
         "op = \"drift\"\n"
         "reference = 9\n"
         "interpolation = \"nearest\"\n",
         "3:10: `shifts` has 1 entries, but there are 3 timepoints here\n"
         "6:13: `reference`: there is no timepoint 9; there are 0 to 2\n"
         "7:17: `interpolation` belongs to `shifts`\n"},
        {"[[step]]\n"
         "op = \"affine\"\n"
         "matrix = [[1,0,0,0],[0,1,0,0],[0,0,1,0]]\n"
         "translation = [1,0,0]\n"
         "scale = 2\n",
         "4:15: `matrix` and `translation` exclude each other; leave one out\n"
         "5:9: `matrix` and `scale` exclude each other; leave one out\n"},
        {"[[step]]\n"
         "op = \"deskew\"\n"
         "angle = 0\n",
         "3:9: `angle` is 0: the stage would move along the light sheet\n"},
    });
}

TEST_F(Mistakes, OfTheTextAndOfTheDataAreToldTogether) {
    expect({
        {"[[step]]\n"
         "op = \"crop\"\n"
         "z = \"3:3\"\n"
         "[[step]]\n"
         "op = \"deskew\"\n"
         "angel = 3\n"
         "[[step]]\n"
         "op = \"select\"\n"
         "t = 9\n"
         "[[step]]\n"
         "op = \"crop\"\n"
         "q = \":\"\n",
         "3:5: `z` = \"3:3\" leaves nothing: the axis has 7 elements here, 0 to 6\n"
         "6:1: unknown key `angel` of the step \"deskew\"; did you mean `angle`?\n"
         "9:5: `t`: there is no position 9 on axis t; there are 0 to 2\n"},
        {"[[step]]\n"
         "op = \"decon\"\n"
         "psf = \"none.tif\"\n"
         "[[step]]\n"
         "op = \"crop\"\n"
         "q = \":\"\n",
         "2:6: unknown step \"decon\"; did you mean \"deconvolve\"?\n"},
    });
}

TEST_F(Mistakes, AreToldWhereTheDataDoNotSayTheirVoxels) {
    Axes axes = recordingAxes();
    for (Axis& axis : axes) axis.unit.clear();
    expect({{"[[step]]\nop = \"deskew\"\n",
             "2:6: neither the data nor a settings file say the stage step; write stage-step = (um)\n"
             "2:6: the data do not say the size of a pixel; write pixel = (um), or name it with --voxel\n"},
            {"[[step]]\nop = \"deconvolve\"\npsf = \"psf_488.tif\"\n",
             "2:6: deconvolve: the data do not say how large their voxels are along z; give --voxel z,y,x in um\n"}},
           axes);
}

TEST_F(Mistakes, AreToldWhereStacksAreNeededOfPlanes) {
    const Axes axes{{"t", 3, 1, "", {}}, {"y", 10, 0.1, "um", {}}, {"x", 12, 0.1, "um", {}}};
    expect(
        {{"[[step]]\nop = \"deskew\"\n[[step]]\nop = \"rotate\"\n",
          "2:6: the step \"deskew\" needs stacks, but there is no axis z here; is another axis the z axis? "
          "(--rename-axis OLD=z)\n"
          "4:6: the step \"rotate\" needs stacks, but there is no axis z here; is another axis the z axis? "
          "(--rename-axis OLD=z)\n"},
         {"[[step]]\nop = \"deconvolve\"\npsf = \"psf_488.tif\"\n",
          "2:6: deconvolve: the PSF is a stack of 5 planes, but the data are single planes; give a PSF of one plane, "
          "such as the middle one of the stack\n"},
         {"[[step]]\nop = \"background\"\nvalue = { ch1 = 3 }\n",
          "3:11: `value`: there is no channel \"ch1\"; there is only 0\n"}},
        axes);
}

} // namespace
} // namespace lazulite::pipeline
