#include "series/name_grid.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace lazulite::io::series {
namespace {

/// Names resolved, and the grid written as one line: "t=3 c=2[488 nm|560 nm]".
struct Resolved {
    NameArena names;
    OuterGrid grid;

    explicit Resolved(const std::vector<std::string>& list) {
        std::vector<NameArena::Id> ids;
        for (const std::string& name : list) ids.push_back(names.add({}, name));
        grid = resolveNames(names, ids, {});
    }

    std::string text() const {
        std::string line;
        for (const OuterAxis& axis : grid.axes) {
            line += fmt::format("{}{}={}", line.empty() ? "" : " ", axis.name, axis.size);
            std::string labels;
            for (const std::string& label : axis.labels) labels += (labels.empty() ? "" : "|") + label;
            if (!labels.empty()) line += "[" + labels + "]";
        }
        return line;
    }

    std::string at(std::size_t place) const {
        const std::uint32_t file = grid.fileAt(place);
        return file == OuterGrid::kHole ? "hole" : std::string(names.at(grid.files[file]));
    }

    std::size_t holes() const { return grid.placeCount() - grid.files.size(); }
};

/// All combinations of the alternatives in braces: "ch{0,1}_t{0,1}.tif".
std::vector<std::string> expand(const std::string& pattern) {
    const std::size_t open = pattern.find('{');
    if (open == std::string::npos) return {pattern};
    const std::size_t close = pattern.find('}', open);
    std::vector<std::string> all;
    std::string choices = pattern.substr(open + 1, close - open - 1) + ",";
    for (std::size_t at = 0; at < choices.size();) {
        const std::size_t end = choices.find(',', at);
        for (const std::string& rest : expand(pattern.substr(close + 1))) {
            all.push_back(pattern.substr(0, open) + choices.substr(at, end - at) + rest);
        }
        at = end + 1;
    }
    return all;
}

std::vector<std::string> together(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

struct Convention {
    std::string title;
    std::vector<std::string> names;
    std::string axes;
    std::string last; ///< the file of the last place
};

std::ostream& operator<<(std::ostream& out, const Convention& convention) {
    return out << convention.title;
}

class Conventions : public testing::TestWithParam<Convention> {};

TEST_P(Conventions, AreUnderstood) {
    const Resolved resolved(GetParam().names);
    EXPECT_EQ(resolved.text(), GetParam().axes);
    EXPECT_EQ(resolved.grid.files.size(), GetParam().names.size());
    ASSERT_GT(resolved.grid.placeCount(), 0U);
    EXPECT_EQ(resolved.at(resolved.grid.placeCount() - 1), GetParam().last);
}

TEST_P(Conventions, DoNotDependOnTheOrderInWhichNamesAreListed) {
    auto names = GetParam().names;
    std::shuffle(names.begin(), names.end(), std::mt19937(7));
    const Resolved resolved(names);
    EXPECT_EQ(resolved.text(), GetParam().axes);
    EXPECT_EQ(resolved.at(resolved.grid.placeCount() - 1), GetParam().last);
}

const std::vector<Convention> kConventions = {
    {"LatticeTwoCameras",
     together(expand("cell1_CamA_ch0_stack000{0,1,2}_488nm_0000000msec_0016966725msecAbs.tif"),
              expand("cell1_CamB_ch1_stack000{0,1,2}_560nm_0000010msec_0016966735msecAbs.tif")),
     "t=3 c=2[488 nm|560 nm]", "cell1_CamB_ch1_stack0002_560nm_0000010msec_0016966735msecAbs.tif"},
    {"LatticeOneChannel",
     {"a_ch0_stack0000_488nm_0000000msec_0000100000msecAbs.tif",
      "a_ch0_stack0001_488nm_0002000msec_0000102000msecAbs.tif"},
     "t=2",
     "a_ch0_stack0001_488nm_0002000msec_0000102000msecAbs.tif"},
    {"LatticeCameraApartFromChannel",
     together(expand("e_CamA_ch{0,1}_stack000{0,1}_488nm_0000000msec_0016966725msecAbs.tif"),
              expand("e_CamB_ch{0,1}_stack000{0,1}_488nm_0000000msec_0016966725msecAbs.tif")),
     "t=2 c=4[CamA ch 0|CamB ch 0|CamA ch 1|CamB ch 1]",
     "e_CamB_ch1_stack0001_488nm_0000000msec_0016966725msecAbs.tif"},
    {"LatticeSeveralCells", expand("cell{1,2}_ch{0,1}_stack000{0,1}_488nm_0000000msec_0016966725msecAbs.tif"),
     "p=2 t=2 c=2", "cell2_ch1_stack0001_488nm_0000000msec_0016966725msecAbs.tif"},
    {"PetaKit5D",
     expand("Scan_Iter_000{0,1}_ch{0,1}_CamA_stack0000_{488,560}nm_0000000msec_0000000000msecAbs_00{0,1}x_00{0,1}y_"
            "000z_0000t.tif"),
     "tilex=2 tiley=2 t=2 c=4[488 nm ch 0|560 nm ch 0|488 nm ch 1|560 nm ch 1]",
     "Scan_Iter_0001_ch1_CamA_stack0000_560nm_0000000msec_0000000000msecAbs_001x_001y_000z_0000t.tif"},
    {"PetaKit5DOverTime",
     expand("Scan_Iter_0000_ch0_CamA_stack0000_488nm_0000000msec_0000000000msecAbs_000x_000y_000z_000{0,1,2}t.tif"),
     "t=3", "Scan_Iter_0000_ch0_CamA_stack0000_488nm_0000000msec_0000000000msecAbs_000x_000y_000z_0002t.tif"},
    {"Tutorial", expand("ex1_ch{0,1}_{000,001,002}.tif"), "t=3 c=2", "ex1_ch1_002.tif"},
    {"TutorialRunningNumber", {"m_ch0_1.tif", "m_ch0_2.tif", "m_ch1_1.tif", "m_ch1_2.tif"}, "t=2 c=2", "m_ch1_2.tif"},
    {"Pims", expand("file_t00{1,2}c0{5,7}z3{2,3,4}.tif"), "t=2 c=2[5|7] z=3[32|33|34]", "file_t002c07z34.tif"},
    {"Fiji", expand("volume--C0{0,1}--T0000{0,1,2}.tif"), "t=3 c=2", "volume--C01--T00002.tif"},
    {"FijiUnpadded", expand("volume--C{0,1}--T{8,9,10,11}.tif"), "t=4[8|9|10|11] c=2", "volume--C1--T11.tif"},
    {"OnePlaneAFile", expand("mouse_T{0,1}__z00{1,2,3}_c00{1,2}.tif"), "t=2 c=2 z=3", "mouse_T1__z003_c002.tif"},
    {"Slices", expand("slice_000{1,2,3}.tif"), "z=3", "slice_0003.tif"},
    {"MicroManager", expand("img_channel00{0,1}_position00{0,1}_time00000000{0,1}_z00{0,1}.tif"), "p=2 t=2 c=2 z=2",
     "img_channel001_position001_time000000001_z001.tif"},
    {"MicroManagerChannelNames", expand("img_00000000{0,1}_{DAPI,Cy5}_00{0,1,2}.tif"), "t=2 c=2[Cy5|DAPI] z=3",
     "img_000000001_DAPI_002.tif"},
    {"MicroManagerOddChannelNames", expand("img_00000000{0,1}_{my channel,Cy3,Cy5}_00{0,1}.tif"),
     "t=2 c=3[Cy3|Cy5|my channel] z=2", "img_000000001_my channel_001.tif"},
    {"MicroManagerPositions", expand("Pos{0,1}/img_00000000{0,1}_GFP_00{0,1}.tif"), "p=2 t=2 z=2",
     "Pos1/img_000000001_GFP_001.tif"},
    {"MetaMorph", together(expand("exp_w1Conf488_s{1,2}_t{1,2,3}.stk"), expand("exp_w2Conf561_s{1,2}_t{1,2,3}.stk")),
     "p=2 t=3 c=2[Conf488|Conf561]", "exp_w2Conf561_s2_t3.stk"},
    {"MetaMorphWaves", together(expand("exp_w1DAPI_t{1,2}.tif"), expand("exp_w2GFP 488_t{1,2}.tif")),
     "t=2 c=2[DAPI|GFP 488]", "exp_w2GFP 488_t2.tif"},
    {"PlateReader", expand("{A,B}0{1,2}_s{1,2}_w{1,2}.tif"), "well=4[A01|A02|B01|B02] p=2 c=2", "B02_s2_w2.tif"},
    {"PlateRowC", expand("C0{1,2}_s{1,2}_w{1,2}.tif"), "well=2[C01|C02] p=2 c=2", "C02_s2_w2.tif"},
    {"Yokogawa", expand("plate_{A,B}01_T000{1,2}F00{1,2}L01A01Z0{1,2}C0{1,2}.tif"), "well=2[A01|B01] p=2 t=2 c=2 z=2",
     "plate_B01_T0002F002L01A01Z02C02.tif"},
    {"Opera", expand("r01c0{1,2}f0{1,2}p0{1,2}-ch{1,2}sk1fk1fl1.tiff"), "well=2[R01C01|R01C02] p=2 c=2 z=2",
     "r01c02f02p02-ch2sk1fk1fl1.tiff"},
    {"MetaXpressIdentifiers",
     {"e_A01_s1_w1F3B3A6B1-0000-4000-8000-000000000001.tif", "e_A01_s1_w2A3B3A6B1-0000-4000-8000-000000000002.tif",
      "e_A01_s2_w1C3B3A6B1-0000-4000-8000-000000000003.tif", "e_A01_s2_w20000A6B1-0000-4000-8000-000000000004.tif"},
     "p=2 c=2",
     "e_A01_s2_w20000A6B1-0000-4000-8000-000000000004.tif"},
    {"SubFolderChannels", expand("ch{0,1}/img_000{0,1,2}.tif"), "t=3 c=2", "ch1/img_0002.tif"},
    {"SubFolderNames", expand("{GFP,mCherry}/t{0,1}.tif"), "t=2 c=2[GFP|mCherry]", "mCherry/t1.tif"},
    {"TwoPrefixes", expand("{membrane,nuclei}_{000,001,002}.tif"), "t=3 c=2[membrane|nuclei]", "nuclei_002.tif"},
    {"TwoPrefixesOfOtherLength", together(expand("wt_t{0,1,2}.tif"), expand("my_mutant_t{0,1,2}.tif")),
     "t=3 c=2[my_mutant|wt]", "wt_t2.tif"},
    {"PrefixesBesideChannels", expand("{left,right}_ch{0,1}_t{0,1}.tif"), "p=2[left|right] t=2 c=2",
     "right_ch1_t1.tif"},
    {"Embryos", expand("embryo{1,2}_{001,002,003}.tif"), "p=2 t=3", "embryo2_003.tif"},
    {"Angles", expand("spim_TL{0,1}_Angle{0,90}.tif"), "angle=2[0|90] t=2", "spim_TL1_Angle90.tif"},
    {"Gaps", {"a_t1.tif", "a_t2.tif", "a_t10.tif", "a_t100.tif"}, "t=4[1|2|10|100]", "a_t100.tif"},
    {"TimeOfDay", {"a_0001_101502.tif", "a_0002_101507.tif", "a_0003_101512.tif"}, "t=3", "a_0003_101512.tif"},
    {"Extensions", {"a_t0.tif", "a_t1.TIF", "a_t2.tiff", "a_t3.ome.tif"}, "t=4", "a_t3.ome.tif"},
};

INSTANTIATE_TEST_SUITE_P(Names, Conventions, testing::ValuesIn(kConventions),
                         [](const auto& info) { return info.param.title; });

TEST(NameGrid, MarksHolesAndShiftsNothing) {
    auto names = expand("x_ch{0,1}_stack000{0,1,2}.tif");
    std::erase(names, "x_ch1_stack0001.tif");
    const Resolved resolved(names);
    EXPECT_EQ(resolved.text(), "t=3 c=2");
    EXPECT_EQ(resolved.holes(), 1U);
    EXPECT_EQ(resolved.at(3), "hole");
    EXPECT_EQ(resolved.at(2), "x_ch0_stack0001.tif");
    EXPECT_EQ(resolved.at(4), "x_ch0_stack0002.tif");
    EXPECT_EQ(resolved.at(5), "x_ch1_stack0002.tif");
}

TEST(NameGrid, LeavesOutAStrangerAndNamesIt) {
    const Resolved resolved(together(expand("x_ch{0,1}_stack000{0,1,2}.tif"), {"MAX_x_ch0_stack0000.tif"}));
    EXPECT_EQ(resolved.text(), "t=3 c=2");
    EXPECT_EQ(resolved.holes(), 0U);
    ASSERT_EQ(resolved.grid.warnings.size(), 1U);
    EXPECT_NE(resolved.grid.warnings[0].find("\"MAX_x_ch0_stack0000.tif\""), std::string::npos);
}

TEST(NameGrid, LeavesOutASingleDarkFrameOfTheSamePattern) {
    const Resolved resolved(together(expand("img_{000,001,002,003,004,005}.tif"), {"dark_000.tif"}));
    EXPECT_EQ(resolved.text(), "t=6");
    ASSERT_EQ(resolved.grid.warnings.size(), 1U);
    EXPECT_NE(resolved.grid.warnings[0].find("dark_000.tif"), std::string::npos);
}

TEST(NameGrid, KeepsAChannelThatWasTakenRarely) {
    auto names = expand("img_00000000{0,1,2,3,4,5,6,7,8,9}_GFP_000.tif");
    names.push_back("img_000000000_BF_000.tif");
    const Resolved resolved(names);
    EXPECT_EQ(resolved.text(), "t=10 c=2[BF|GFP]");
    EXPECT_EQ(resolved.holes(), 9U);
}

TEST(NameGrid, SaysOnceWhatTwoPrefixesWereTakenFor) {
    const Resolved resolved(expand("{membrane,nuclei}_{000,001,002}.tif"));
    ASSERT_EQ(resolved.grid.warnings.size(), 1U);
    EXPECT_NE(resolved.grid.warnings[0].find("\"membrane\", \"nuclei\""), std::string::npos);
    EXPECT_NE(resolved.grid.warnings[0].find("channels"), std::string::npos);
}

TEST(NameGrid, NamesWithNothingInCommonLieAlongOneAxis) {
    const Resolved resolved({"psf.tif", "beads two.tif", "a-b-c.tif"});
    EXPECT_EQ(resolved.text(), "p=3[a-b-c|beads two|psf]");
}

TEST(NameGrid, NumbersThatHardlyMeetAreNoGrid) {
    std::vector<std::string> names;
    for (int i = 0; i < 200; ++i) names.push_back(fmt::format("a{}_b{}.tif", i * 7 % 200, i * 11 % 199));
    names.push_back("a0_b1.tif");
    const Resolved resolved(names);
    EXPECT_LE(resolved.grid.placeCount(), 201U * 16 + 64);
    EXPECT_EQ(resolved.grid.files.size(), 201U);
}

TEST(NameGrid, TwoSpellingsOfOneNumberAreOnePlace) {
    const Resolved resolved({"a_t1.tif", "a_t01.tif", "a_t2.tif"});
    EXPECT_EQ(resolved.text(), "t=2");
    EXPECT_EQ(resolved.grid.files.size(), 2U);
    ASSERT_EQ(resolved.grid.warnings.size(), 1U);
    EXPECT_NE(resolved.grid.warnings[0].find("same place"), std::string::npos);
}

TEST(NameGrid, ReadsTheTimeStepFromMilliseconds) {
    const auto name = [](int stack, int ms) {
        return fmt::format("c_ch0_stack{:04}_488nm_{:07}msec_{:010}msecAbs.tif", stack, ms, ms + 5000);
    };
    EXPECT_NEAR(Resolved({name(0, 0), name(1, 2501), name(2, 5002), name(3, 7499)}).grid.secondsPerStep.value_or(0),
                2.5, 0.002);
    // A gap in the stacks does not make the step longer.
    EXPECT_NEAR(Resolved({name(0, 0), name(1, 2500), name(2, 5000), name(9, 22500)}).grid.secondsPerStep.value_or(0),
                2.5, 1e-9);
    // A counter of seven digits that starts again leaves the rest usable.
    const auto wrapped = [](int stack, int ms) {
        return fmt::format("c_ch0_stack{:04}_{:07}msec.tif", stack, ms % 10'000'000);
    };
    std::vector<std::string> movie;
    for (int i = 0; i < 10; ++i) movie.push_back(wrapped(i, 9'000'000 + i * 250'000));
    EXPECT_NEAR(Resolved(movie).grid.secondsPerStep.value_or(0), 250, 1e-9);
    // Uneven times give no step.
    EXPECT_FALSE(
        Resolved({name(0, 0), name(1, 1000), name(2, 9000), name(3, 9500), name(4, 70000)}).grid.secondsPerStep);
}

TEST(NameGrid, WritesThePatternThatSelectsTheSameFiles) {
    EXPECT_EQ(Resolved(expand("volume--C0{0,1}--T0000{0,1,2}.tif")).grid.pattern, "volume--C{c}--T{t}.tif");
    EXPECT_EQ(Resolved(together(expand("a_CamA_ch0_stack000{0,1}_488nm_0000000msec_0016966725msecAbs.tif"),
                                expand("a_CamB_ch1_stack000{0,1}_560nm_0000010msec_0016966735msecAbs.tif")))
                  .grid.pattern,
              "a_{c}_ch{c}_stack{t}_{c}nm_*msec_*msecAbs.tif");
}

TEST(NameGrid, TellsTheConvention) {
    EXPECT_EQ(Resolved(expand("a_ch{0,1}_stack000{0,1}_488nm_0000000msec_0016966725msecAbs.tif")).grid.convention,
              "lattice light-sheet names (ch, stack)");
    EXPECT_EQ(Resolved(expand("volume--C0{0,1}--T0000{0,1,2}.tif")).grid.convention, "Fiji names (c, t)");
}

TEST(NameGrid, SortsAsPeopleCountAndNotAsComputersSpell) {
    std::vector<std::string> names;
    for (int i = 0; i < 120; ++i) names.push_back(fmt::format("t{}.tif", i));
    const Resolved resolved(names);
    for (std::size_t i = 0; i < 120; ++i) EXPECT_EQ(resolved.at(i), fmt::format("t{}.tif", i));
}

} // namespace
} // namespace lazulite::io::series
