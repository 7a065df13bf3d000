#include <atomic>
#include <chrono>
#include <future>

#include "lazulite/graph/operation.h"
#include "recording.h"

namespace lazulite::batch::test {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

/// A dear step on whole (z, y, x) volumes that counts how often it ran.
class Dear final : public graph::ComputeOperation {
public:
    std::string name() const override { return "dear"; }
    std::string parameters() const override { return {}; }
    graph::ArrayInfo describe(std::span<const graph::LazyArray> inputs) const override {
        Shape block = inputs[0].shape();
        block[0] = 1;
        return {inputs[0].axes(), inputs[0].dtype(), block};
    }
    Cost cost() const override { return Cost::Expensive; }
    std::vector<graph::Need> required(const Region& out) const override { return {{0, out}}; }
    Result<Block> compute(const Region& out, std::span<const Block> inputs, graph::Workspace& space) const override {
        ++runs;
        auto memory = space.allocate(inputs[0].dtype(), out);
        if (!memory) return memory.error();
        inputs[0].copyTo(memory->destination);
        return memory->block();
    }

    mutable std::atomic<int> runs = 0;
};

/// Recordings in memory: (t, z, y, x), a stack of 16 planes of 32 x 128 uint16 takes 128 kB.
class TheFlow : public Recording {
protected:
    static constexpr std::uint64_t kStackBytes = 16 * 32 * 128 * 2;

    explicit TheFlow(std::int64_t timepoints = 5)
        : source_(std::make_shared<MemorySource>(namedAxes("tzyx", {timepoints, 16, 32, 128}), DType::UInt16)),
          array_(graph::LazyArray::fromSource(source_)) {}

    ExportReport run(graph::Executor& executor, ExportOptions options = {}, const ExportControl& control = {}) {
        if (options.output.empty()) options.output = path("out");
        return Export(array_, {}, options).run(executor, control);
    }
    void expectWhole(std::int64_t t) {
        const std::vector<double> values = valuesIn("out/volume_t" + std::to_string(t) + ".tif");
        ASSERT_EQ(values.size(), 16U * 32 * 128);
        std::size_t i = 0;
        forEachPosition(Region({{t, t + 1}, {0, 16}, {0, 32}, {0, 128}}),
                        [&](const std::vector<std::int64_t>& at) { ASSERT_EQ(values[i++], expected(at)); });
    }

    std::shared_ptr<MemorySource> source_;
    graph::LazyArray array_;
};

TEST_F(TheFlow, WhileOneVolumeIsWrittenTheNextIsRead) {
    std::promise<void> nextIsRead;
    std::atomic<bool> told = false;
    source_->onRead = [&](const Region& region) {
        if (region[0].begin == 1 && !told.exchange(true)) nextIsRead.set_value();
    };
    auto read = nextIsRead.get_future();
    bool overlapped = false;
    ExportControl control;
    control.progress = [&](const ExportProgress& progress) {
        if (overlapped || !progress.file.ends_with("volume_t0.tif")) return;
        overlapped = read.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    };
    run(executor_, {}, control);
    EXPECT_TRUE(overlapped) << "writing the first volume waited for the second to be read";
    for (std::int64_t t = 0; t < 5; ++t) expectWhole(t);
}

TEST_F(TheFlow, NeverTakesMoreMemoryThanTheBudget) {
    const auto requestsWith = [&](std::uint64_t budget) {
        graph::Executor executor({.memoryLimit = budget, .threads = 2});
        const ExportReport report = run(executor, {.existing = Existing::Replace});
        EXPECT_EQ(report.written, 5U) << budget;
        EXPECT_LE(executor.memory().usage().peak, budget);
        for (std::int64_t t = 0; t < 5; ++t) expectWhole(t);
        return executor.ledger().requests();
    };
    EXPECT_EQ(requestsWith(16 * kStackBytes), 5) << "whole stacks";
    EXPECT_EQ(requestsWith(2 * kStackBytes + kStackBytes / 2), 5) << "one is written, one is read";
    EXPECT_EQ(requestsWith(kStackBytes), 5 * 2) << "halves of stacks";
    EXPECT_GT(requestsWith(kStackBytes / 16), 5 * 16) << "rows of planes";
}

TEST_F(TheFlow, ABudgetBelowARowIsRefusedWithBothNumbers) {
    graph::Executor executor({.memoryLimit = 1024, .threads = 2});
    const std::string message = messageOf([&] { run(executor); });
    EXPECT_NE(message.find("4.1 kB"), std::string::npos) << message;
    EXPECT_NE(message.find("1.02 kB"), std::string::npos) << message;
    EXPECT_FALSE(fs::exists(path("out")));
}

TEST_F(TheFlow, ADearStepIsComputedOnceAVolumeAlsoWhereVolumesAreWrittenInParts) {
    const auto dear = std::make_shared<Dear>();
    array_ = graph::LazyArray::fromOperation(dear, {array_});
    // Enough for the step (its input and its result), not for the whole volume beside it once more.
    graph::Executor executor({.memoryLimit = 2 * kStackBytes + kStackBytes / 4, .threads = 2});
    const ExportReport report = run(executor);
    EXPECT_EQ(report.written, 5U);
    for (const ExportReport::Problem& problem : report.failed) ADD_FAILURE() << problem.error.text();
    EXPECT_EQ(dear->runs, 5);
    EXPECT_LE(executor.memory().usage().peak, executor.memory().usage().limit);
    for (std::int64_t t = 0; t < 5; ++t) expectWhole(t);
}

TEST_F(TheFlow, MemoryThatOthersHoldMakesItSlowerNotWrong) {
    graph::Executor executor({.memoryLimit = 8 * kStackBytes, .threads = 2});
    // Somebody looks at three volumes all the while.
    const Block shown =
        executor.run({.array = array_, .region = Region({{1, 4}, {0, 16}, {0, 32}, {0, 128}})}).block.valueOrThrow();
    auto reservation = executor.memory().reserve(3 * kStackBytes, {}).valueOrThrow();
    const auto more = executor.memory().allocate(3 * kStackBytes, reservation);
    ASSERT_TRUE(more);
    EXPECT_EQ(run(executor).written, 5U);
    for (std::int64_t t = 0; t < 5; ++t) expectWhole(t);
}

TEST_F(TheFlow, ABadFileFailsItsOwnVolumeAlone) {
    source_->bad = {1, 3};
    const ExportReport report = run(executor_);
    EXPECT_EQ(report.written, 3U);
    ASSERT_EQ(report.failed.size(), 2U);
    EXPECT_EQ(report.failed[0].file, path("out/volume_t1.tif"));
    EXPECT_EQ(report.failed[0].error.message, "cut short");
    EXPECT_EQ(report.failed[1].file, path("out/volume_t3.tif"));
    EXPECT_EQ(namesIn("out"), (Names{"lazulite-export.json", "volume_t0.tif", "volume_t2.tif", "volume_t4.tif"}));
    source_->bad.clear();
    EXPECT_EQ(run(executor_, {.existing = Existing::Resume}).written, 2U);
    for (std::int64_t t = 0; t < 5; ++t) expectWhole(t);
}

TEST_F(TheFlow, ABadFileFailsItsVolumeAlsoWhereItIsWrittenInParts) {
    source_->bad = {1};
    graph::Executor executor({.memoryLimit = kStackBytes, .threads = 2});
    const ExportReport report = run(executor);
    EXPECT_EQ(report.written, 4U);
    EXPECT_EQ(report.failed.size(), 1U);
    EXPECT_FALSE(fs::exists(path("out/volume_t1.tif")));
    for (const std::int64_t t : {0, 2, 3, 4}) expectWhole(t);
}

TEST_F(TheFlow, ZerosStandForABadFileWhereTheyAreAskedFor) {
    source_->bad = {1};
    const ExportReport report = run(executor_, {.fillHoles = true});
    EXPECT_EQ(report.written, 5U);
    ASSERT_EQ(report.filled.size(), 1U);
    EXPECT_EQ(report.filled[0].file, path("out/volume_t1.tif"));
    EXPECT_EQ(valuesIn("out/volume_t1.tif"), std::vector<double>(16U * 32 * 128, 0.0));
    expectWhole(2);
}

TEST_F(TheFlow, AnArrayOfWhichAPartCannotBeReadIsNotWritten) {
    source_->bad = {3};
    EXPECT_NE(messageOf([&] { run(executor_, {.output = path("all.npy")}); }).find("cut short"), std::string::npos);
    EXPECT_TRUE(namesIn("").empty());
    EXPECT_EQ(run(executor_, {.output = path("all.npy"), .fillHoles = true}).filled.size(), 1U);
    EXPECT_EQ(namesIn(""), (Names{"all.npy", "all.npy.json"}));
}

TEST_F(TheFlow, CancelledItLeavesWholeFilesAlone) {
    std::stop_source stop;
    ExportControl control{.stop = stop.get_token()};
    control.progress = [&](const ExportProgress& progress) {
        if (progress.volumesDone == 2) stop.request_stop();
    };
    const ExportReport report = run(executor_, {}, control);
    EXPECT_TRUE(report.cancelled);
    EXPECT_GE(report.written, 2U);
    EXPECT_LT(report.written, 5U);
    EXPECT_EQ(namesIn("out").size(), report.written + 1);
    expectWhole(0);
    expectWhole(1);
    const ExportReport rest = run(executor_, {.existing = Existing::Resume});
    EXPECT_EQ(rest.kept, report.written);
    EXPECT_FALSE(rest.cancelled);
    for (std::int64_t t = 0; t < 5; ++t) expectWhole(t);
}

TEST_F(TheFlow, CancelEndsAReadThatHangs) {
    source_->hold();
    std::stop_source stop;
    auto answer = std::async(std::launch::async, [&] { return run(executor_, {}, {.stop = stop.get_token()}); });
    source_->awaitHeldReads(1);
    stop.request_stop();
    EXPECT_TRUE(answer.get().cancelled);
    EXPECT_EQ(namesIn("out"), Names{"lazulite-export.json"});
}

TEST_F(TheFlow, ProgressGoesFromNothingToAll) {
    std::vector<ExportProgress> told;
    run(executor_, {}, {.progress = [&](const ExportProgress& progress) { told.push_back(progress); }});
    ASSERT_GE(told.size(), 2U);
    EXPECT_EQ(told.front().fraction, 0);
    EXPECT_EQ(told.front().volumes, 5U);
    for (std::size_t i = 1; i < told.size(); ++i) EXPECT_GE(told[i].fraction, told[i - 1].fraction - 1e-9);
    EXPECT_DOUBLE_EQ(told.back().fraction, 1);
    EXPECT_EQ(told.back().volumesDone, 5U);
    told.clear();
    run(executor_, {.existing = Existing::Resume},
        {.progress = [&](const ExportProgress& progress) { told.push_back(progress); }});
    EXPECT_EQ(told.front().fraction, 1) << "everything is there";
}

TEST_F(TheFlow, AMissingFileOfARecordingFailsItsVolume) {
    writeStacks();
    fs::remove(path("raw/" + stackName(1, 0)));
    const ExportReport report = exported({});
    EXPECT_EQ(report.written, 5U);
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(report.failed[0].error.message, "no file holds t=1, c=0");
    const ExportReport filled = exported({.existing = Existing::Replace, .fillHoles = true});
    EXPECT_EQ(filled.written, 6U);
    ASSERT_EQ(filled.filled.size(), 1U);
    EXPECT_EQ(valuesIn(filled.filled[0].file.substr(path("").size())),
              std::vector<double>(static_cast<std::size_t>(kPlanes * kRows * kColumns), 0.0));
}

TEST_F(TheFlow, APlaneThatNoFileHoldsIsNotPassedOver) {
    for (std::int64_t t = 0; t < 2; ++t) {
        for (std::int64_t z = 0; z < 3; ++z)
            writeStack("scan_t" + std::to_string(t) + "_z" + std::to_string(z) + ".tif", t, 0);
    }
    fs::remove(path("raw/scan_t1_z1.tif"));
    io::SeriesOptions understood;
    understood.pattern = "scan_t{t}_z{z}.tif";
    understood.axesOrder = "tzpyx"; // the pages of each file are an axis of their own
    const auto series = open("raw", understood);
    const auto exportWith = [&](const ExportOptions& options) {
        return Export(arrayOf(series), {.series = series}, options).run(executor_);
    };
    const ExportReport report = exportWith({.output = path("out")});
    EXPECT_EQ(report.written, 4U);
    ASSERT_EQ(report.failed.size(), 4U);
    EXPECT_EQ(report.failed[0].error.message, "no file holds t=1, z=1");
    const ExportReport filled = exportWith({.output = path("filled"), .fillHoles = true});
    EXPECT_EQ(filled.written, 8U);
    ASSERT_EQ(filled.filled.size(), 4U) << "once a volume";
    const std::vector<double> values = valuesIn("filled/raw_t1_p2.tif");
    constexpr std::size_t kPlane = kRows * kColumns;
    EXPECT_EQ(std::vector<double>(values.begin() + kPlane, values.begin() + 2 * kPlane),
              std::vector<double>(kPlane, 0.0));
    EXPECT_NE(values[0], 0);
}

TEST_F(TheFlow, AFileThatCannotBeWrittenEndsItAndIsNamed) {
    fs::create_directories(path("out/volume_t2.tif"));
    EXPECT_NE(messageOf([&] { run(executor_, {.existing = Existing::Replace}); }).find("is a folder"),
              std::string::npos);
    write("file", "no folder");
    EXPECT_NE(messageOf([&] { run(executor_, {.output = path("file")}); }).find("is a file"), std::string::npos);
    EXPECT_NE(messageOf([&] { run(executor_, {.output = "/proc/nothing/here"}); }).find("/proc"), std::string::npos);
}

} // namespace
} // namespace lazulite::batch::test
