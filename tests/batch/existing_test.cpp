#include <chrono>

#include "lazulite/ops/intensity.h"
#include "recording.h"

namespace lazulite::batch::test {
namespace {

namespace fs = std::filesystem;

class ResultsThatExist : public Recording {
protected:
    ResultsThatExist() { writeStacks(); }

    /// Makes a file look as if it had been written now, without changing it.
    void touch(const std::string& name) const {
        using namespace std::chrono_literals;
        fs::last_write_time(path(name), fs::last_write_time(path(name)) + 2s);
    }
    std::uint64_t pagesRead() { return static_cast<std::uint64_t>(executor_.ledger().totals().reads.pagesRead); }
};

TEST_F(ResultsThatExist, AreRefusedBeforeAnythingIsComputed) {
    fs::create_directory(path("out"));
    write("out/" + stackName(2, 1), "mine");
    const std::string message = messageOf([&] { exported({}); });
    EXPECT_NE(message.find("1 of 6 results are there already (" + stackName(2, 1) + ")"), std::string::npos) << message;
    EXPECT_NE(message.find("--resume"), std::string::npos);
    EXPECT_EQ(namesIn("out"), std::vector<std::string>{stackName(2, 1)});
    EXPECT_EQ(pagesRead(), 0U);
    const auto series = open();
    EXPECT_EQ(Export(arrayOf(series), {.series = series}, {.output = path("out")}).existing(),
              std::vector<std::string>{path("out/" + stackName(2, 1))});
}

TEST_F(ResultsThatExist, AreKeptByResumeWithoutReadingTheRecording) {
    exported({});
    fs::remove(path("out/" + stackName(1, 0)));
    const std::uint64_t before = pagesRead();
    const ExportReport report = exported({.existing = Existing::Resume});
    EXPECT_EQ(report.kept, 5U);
    EXPECT_EQ(report.written, 1U);
    EXPECT_EQ(pagesRead() - before, static_cast<std::uint64_t>(kPlanes));
    EXPECT_EQ(exported({.existing = Existing::Resume}).kept, 6U);
}

TEST_F(ResultsThatExist, AreRefusedByResumeWhereTheyWouldNotBeTheSame) {
    exported({});
    const std::string before = textOf(path("out/" + stackName(0, 0)));
    const auto refused = [&](ExportOptions options) {
        options.existing = Existing::Resume;
        const std::string message = messageOf([&] { exported(options); });
        EXPECT_EQ(textOf(path("out/" + stackName(0, 0))), before);
        return message.find("made otherwise") != std::string::npos;
    };
    EXPECT_FALSE(refused({}));
    EXPECT_TRUE(refused({.dtype = DType::UInt8})) << "another type";
    EXPECT_TRUE(refused({.dtype = DType::UInt8, .scale = std::array<double, 2>{0, 1000}})) << "other values";
    EXPECT_TRUE(refused({.compression = io::TiffWriteOptions::Compression::Zstd}));
    EXPECT_TRUE(refused({.region = Region({{0, 3}, {0, 1}, {0, 3}, {0, 6}, {0, 5}})})) << "another region";
    const auto series = open();
    const graph::LazyArray steps = ops::rescale(arrayOf(series), {.gain = 2});
    const Export other(steps, {.series = series}, {.output = path("out"), .existing = Existing::Resume});
    EXPECT_NE(messageOf([&] { other.run(executor_); }).find("6 of 6 results are there already"), std::string::npos)
        << "other steps";
    touch("raw/" + stackName(1, 1));
    const std::string changed = messageOf([&] { exported({.existing = Existing::Resume}); });
    EXPECT_NE(changed.find("1 of 6 results are there already (" + stackName(1, 1) + ")"), std::string::npos) << changed;
    EXPECT_EQ(exported({.existing = Existing::Replace}).written, 6U);
    EXPECT_FALSE(refused({}));
}

TEST_F(ResultsThatExist, AreKnownAgainWhereverTheRecordingIsOpenedFrom) {
    exported({});
    fs::create_directory_symlink(path("raw"), path("link"));
    const auto series = open("link");
    const Export job(arrayOf(series), {.series = series}, {.output = path("out"), .existing = Existing::Resume});
    EXPECT_EQ(job.run(executor_).kept, 6U);
}

TEST_F(ResultsThatExist, AreMadeAnewWhereTheyAreNotWhole) {
    exported({});
    for (const std::uintmax_t bytes : {std::uintmax_t{0}, std::uintmax_t{7}, std::uintmax_t{300},
                                       fs::file_size(path("out/" + stackName(0, 0))) - 50}) {
        fs::resize_file(path("out/" + stackName(0, 0)), bytes);
        const ExportReport report = exported({.existing = Existing::Resume});
        EXPECT_EQ(report.kept, 5U) << bytes;
        EXPECT_EQ(valuesIn("out/" + stackName(0, 0)), stackValues(0, 0));
    }
}

TEST_F(ResultsThatExist, OfSomebodyElseAreNotTouchedByResume) {
    fs::create_directory(path("out"));
    write("out/" + stackName(2, 1), "mine");
    const std::string message = messageOf([&] { exported({.existing = Existing::Resume}); });
    EXPECT_NE(message.find("was not made by an export"), std::string::npos) << message;
    EXPECT_EQ(namesIn("out").size(), 1U);
    EXPECT_EQ(exported({.existing = Existing::Replace}).written, 6U);
    EXPECT_EQ(valuesIn("out/" + stackName(2, 1)), stackValues(2, 1));
}

TEST_F(ResultsThatExist, OfANumpyArrayAreKeptMadeAnewOrRefusedLikewise) {
    const auto run = [&](const ExportOptions& options) { return exported(options); };
    ExportOptions options{.output = path("all.npy")};
    run(options);
    EXPECT_NE(messageOf([&] { run(options); }).find("1 of 1 results"), std::string::npos);
    options.existing = Existing::Resume;
    EXPECT_EQ(run(options).kept, 6U);
    fs::resize_file(path("all.npy"), 500);
    EXPECT_EQ(run(options).written, 6U);
    touch("raw/" + stackName(1, 1));
    EXPECT_NE(messageOf([&] { run(options); }).find("made otherwise"), std::string::npos);
    fs::remove(path("all.npy.json"));
    EXPECT_NE(messageOf([&] { run(options); }).find("was not made by an export"), std::string::npos);
}

TEST_F(ResultsThatExist, AreNeverTheRecordingItself) {
    const std::string raw = textOf(path("raw/" + stackName(0, 0)));
    for (const Existing existing : {Existing::Refuse, Existing::Resume, Existing::Replace}) {
        const std::string message = messageOf([&] { exported({.output = path("raw"), .existing = existing}); });
        EXPECT_NE(message.find("holds the files that are read"), std::string::npos) << message;
    }
    fs::create_directory(path("out"));
    fs::create_symlink(path("raw/" + stackName(0, 0)), path("out/" + stackName(1, 1)));
    EXPECT_NE(messageOf([&] { exported({.existing = Existing::Replace}); }).find("is one of the files that are read"),
              std::string::npos);
    // A file of the recording that this export does not even read.
    EXPECT_NE(messageOf([&] {
                  exported({.output = path("raw/" + stackName(0, 0)),
                            .region = Region({{1, 2}, {1, 2}, {0, 4}, {0, 6}, {0, 5}}),
                            .existing = Existing::Replace});
              }).find("is one of the files that are read"),
              std::string::npos);
    EXPECT_EQ(textOf(path("raw/" + stackName(0, 0))), raw);
}

TEST_F(ResultsThatExist, InPartFromAKilledRunAreRemoved) {
    fs::create_directory(path("out"));
    const auto unfinished = [&] { return "out/" + namesIn("out").front(); };
    std::string left;
    {
        const io::TiffWriter writer(path("out/x.tif"), {.height = 1, .width = 1});
        left = unfinished();
    }
    const io::TiffWriter alive(path("out/y.tif"), {.height = 1, .width = 1});
    const std::string written = unfinished();
    write(left, "half a file, as a killed program leaves it");
    exported({});
    EXPECT_FALSE(fs::exists(path(left)));
    EXPECT_TRUE(fs::exists(path(written))) << "somebody is writing it";
}

} // namespace
} // namespace lazulite::batch::test
