#include "cpu/fft/plan.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "cpu/fft/wisdom.h"
#include "support/aligned.h"

namespace lazulite::compute::cpu {
namespace {

namespace fs = std::filesystem;

/// A variable of the environment that gets its value back.
class Variable {
public:
    Variable(std::string name, const std::string& value) : name_(std::move(name)) {
        if (const char* old = std::getenv(name_.c_str())) old_ = old;
        setenv(name_.c_str(), value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() {
        if (old_) {
            setenv(name_.c_str(), old_->c_str(), 1);
        } else {
            unsetenv(name_.c_str());
        }
    }

private:
    std::string name_;
    std::optional<std::string> old_;
};

class Wisdom : public ::testing::Test {
protected:
    Wisdom() : folder_(fs::path(::testing::TempDir()) / "lazulite-wisdom") {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    ~Wisdom() override { fs::remove_all(folder_); }

    std::size_t filesIn(const fs::path& folder) const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }

    fs::path folder_;
};

TEST_F(Wisdom, LiesInTheUsersCacheFolder) {
    const Variable home("HOME", "/home/somebody");
    {
        const Variable cache("XDG_CACHE_HOME", "/somewhere/cache");
        EXPECT_EQ(wisdomFile(), "/somewhere/cache/lazulite/fftwf-wisdom");
    }
    {
        const Variable relative("XDG_CACHE_HOME", "not/absolute");
        EXPECT_EQ(wisdomFile(), "/home/somebody/.cache/lazulite/fftwf-wisdom");
    }
    const Variable cache("XDG_CACHE_HOME", "");
    const Variable homeless("HOME", "");
    EXPECT_EQ(wisdomFile(), "");
}

TEST_F(Wisdom, IsWrittenWholeAndReadAgain) {
    awaitMeasuredPlans(); // nobody else is planning
    const std::string path = (folder_ / "new" / "wisdom").string();
    saveWisdom(path);
    EXPECT_EQ(filesIn(folder_ / "new"), 1U) << "nothing else is left";
    std::ifstream file(path);
    std::string first;
    file >> first;
    EXPECT_NE(first.find("fftw"), std::string::npos);
    loadWisdom(path);
}

TEST_F(Wisdom, ThatIsBrokenOrCannotBeWrittenIsNoFault) {
    awaitMeasuredPlans();
    const fs::path broken = folder_ / "broken";
    std::ofstream(broken) << "(fftw-3.3.10 fftwf_wisdom #x0 (((((";
    loadWisdom(broken.string());
    std::ofstream(broken, std::ios::trunc) << std::string(3, '\0') << "\xff\xfe";
    loadWisdom(broken.string());
    loadWisdom((folder_ / "missing").string());
    saveWisdom((broken / "below-a-file").string());
    saveWisdom("");
    EXPECT_EQ(filesIn(folder_), 1U);
}

void expectTransforms(const LinesShape& shape) {
    testing::AlignedVector<Complex> lines(static_cast<std::size_t>(shape.span()), Complex(0));
    for (int line = 0; line < shape.count; ++line)
        lines[static_cast<std::size_t>(line * shape.distance)] = Complex(1, 2);
    planFor(shape).run(lines.data(), lines.data());
    for (int line = 0; line < shape.count; ++line) { // a single light at the beginning is the same everywhere
        for (int i = 0; i < shape.length; ++i) {
            const Complex value = lines[static_cast<std::size_t>(line * shape.distance + i * shape.stride)];
            ASSERT_NEAR(value.real(), 1, 1e-5);
            ASSERT_NEAR(value.imag(), 2, 1e-5);
        }
    }
}

TEST(Plans, AreThereAtOnceAndMeasuredLater) {
    const LinesShape shape{.length = 44, .count = 6, .stride = 8, .distance = 1};
    expectTransforms(shape);
    awaitMeasuredPlans();
    expectTransforms(shape);
}

TEST(Plans, AreMadeAndRunByManyThreads) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([thread] {
            for (int length = 20; length < 40; ++length) {
                const Transforming transforming;
                expectTransforms({.length = length, .count = 1 + thread % 2, .stride = 8, .distance = 1});
            }
        });
    }
}

} // namespace
} // namespace lazulite::compute::cpu
