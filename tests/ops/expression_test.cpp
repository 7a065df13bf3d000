#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "expression_compiler.h"
#include "lazulite/compute/backend.h"
#include "support/blocks.h"

namespace lazulite::ops {
namespace {

using compute::Expression;

CompiledExpression compiled(const std::string& text, std::int64_t channels = 3,
                            const std::vector<std::string>& labels = {}) {
    auto outcome = compileExpression(text, channels, labels);
    if (const auto* mistake = std::get_if<ExpressionMistake>(&outcome)) {
        ADD_FAILURE() << text << ": column " << mistake->column << ": " << mistake->message;
        return {};
    }
    return std::get<CompiledExpression>(outcome);
}

/// The value of an expression where ch0 = 2, ch1 = 3, ch2 = -5.
double valueOf(const std::string& text) {
    const CompiledExpression expression = compiled(text);
    const std::array<double, 3> channels{2, 3, -5};
    std::vector<double> inputs;
    for (const std::int64_t channel : expression.channels)
        inputs.push_back(channels[static_cast<std::size_t>(channel)]);
    return expression.code(inputs.data());
}

TEST(Expressions, OperatorsBindAsInMathematics) {
    EXPECT_EQ(valueOf("ch0 + ch1 * ch2"), -13);
    EXPECT_EQ(valueOf("(ch0 + ch1) * ch2"), -25);
    EXPECT_EQ(valueOf("ch2 - ch1 - ch0"), -10);
    EXPECT_EQ(valueOf("ch2 / ch0 / ch0"), -1.25);
    EXPECT_EQ(valueOf("-ch1^2"), -9);
    EXPECT_EQ(valueOf("ch0^ch1^ch0"), 512);
    EXPECT_EQ(valueOf("ch0^-2"), 0.25);
    EXPECT_EQ(valueOf("ch0**3"), 8);
    EXPECT_EQ(valueOf("--ch0 - +-ch1"), 5);
    EXPECT_EQ(valueOf("ch0 + 1 < ch1"), 0);
    EXPECT_EQ(valueOf("ch0 + 1 <= ch1"), 1);
    EXPECT_EQ(valueOf("(ch0 < ch1) + (ch0 != ch1) + (ch0 == 2) + (ch0 > 2) + (ch0 >= 2)"), 4);
}

TEST(Expressions, FunctionsDoWhatTheyAreCalled) {
    EXPECT_EQ(valueOf("max(ch0, ch1)"), 3);
    EXPECT_EQ(valueOf("min(ch0, ch1, ch2)"), -5);
    EXPECT_EQ(valueOf("abs(ch2)"), 5);
    EXPECT_EQ(valueOf("sqrt(ch0 * 8)"), 4);
    EXPECT_EQ(valueOf("exp(ch0)"), std::exp(2.0));
    EXPECT_EQ(valueOf("log(ch1)"), std::log(3.0));
    EXPECT_EQ(valueOf("log2(ch0 ^ 5)"), 5);
    EXPECT_EQ(valueOf("log10(ch0 * 50)"), 2);
    EXPECT_EQ(valueOf("floor(ch2 / 2)"), -3);
    EXPECT_EQ(valueOf("ceil(ch2 / 2)"), -2);
    EXPECT_EQ(valueOf("round(ch2 / 2)"), -2);
    EXPECT_EQ(valueOf("clip(ch2, -1, 1)"), -1);
    EXPECT_EQ(valueOf("clip(ch0, -1, 1)"), 1);
    EXPECT_EQ(valueOf("where(ch0 < ch1, ch2, 7)"), -5);
    EXPECT_EQ(valueOf("where(ch0 > ch1, ch2, 7)"), 7);
    EXPECT_EQ(valueOf("ch0 ^ 0.5"), std::sqrt(2.0));
    EXPECT_EQ(valueOf("ch1 ^ 2.5"), std::pow(3.0, 2.5));
    EXPECT_EQ(valueOf("ch2 ^ 7"), -78125);
    EXPECT_EQ(valueOf("ch0 * ch2 ^ 0"), 2);
    EXPECT_EQ(valueOf("max (ch0, 1)"), 2);
}

TEST(Expressions, NumbersAreWrittenAsUsual) {
    EXPECT_EQ(valueOf("ch0 * 1.5e2"), 300);
    EXPECT_EQ(valueOf("ch0 * .5"), 1);
    EXPECT_EQ(valueOf("ch0 * 1E-1"), 0.2);
    EXPECT_EQ(valueOf("\tch0*pi\n"), 2 * 3.141592653589793);
    EXPECT_EQ(valueOf("min(ch0, inf)"), 2);
    EXPECT_TRUE(std::isnan(valueOf("where(ch0, nan, 1)")));
}

TEST(Expressions, ConstantsAreFoldedAndEqualPartsComputedOnce) {
    EXPECT_EQ(compiled("ch0 + (2 * 3 - log2(8))").code.instructionCount, 1);
    EXPECT_EQ(compiled("(ch0 - 100) / max(ch0 - 100, 1)").code.instructionCount, 3);
    EXPECT_EQ(compiled("ch0").code.instructionCount, 1);
    EXPECT_EQ(compiled("ch1 ^ 8").code.instructionCount, 3);
}

TEST(Expressions, OnlyTheChannelsThatAreNamedAreInputs) {
    EXPECT_EQ(compiled("ch2 / ch0").channels, (std::vector<std::int64_t>{2, 0}));
    EXPECT_EQ(compiled("0 * 'GFP, \"488\"' + \"RFP\"", 3, {"DAPI", "RFP", "GFP, \"488\""}).channels,
              (std::vector<std::int64_t>{2, 1}));
}

struct Broken {
    const char* text;
    std::size_t column;
    const char* message;
};

class Mistakes : public ::testing::TestWithParam<Broken> {};

TEST_P(Mistakes, AreToldWithTheirColumn) {
    const auto mistake = checkExpression(GetParam().text, 2, {"DAPI", "GFP"});
    ASSERT_TRUE(mistake);
    EXPECT_EQ(mistake->message, GetParam().message);
    EXPECT_EQ(mistake->column, GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, Mistakes,
    ::testing::Values(
        Broken{"", 0, "the expression is empty; write one such as ch1 / ch0"},
        Broken{"  ", 2, "the expression is empty; write one such as ch1 / ch0"},
        Broken{"ch0 / ch3", 6, "there is no channel ch3; the data have ch0 and ch1"},
        Broken{"ch99999999999999999999", 0, "there is no channel ch99999999999999999999; the data have ch0 and ch1"},
        Broken{"ch0 +", 5, "the expression ends where a value is needed"},
        Broken{"ch0 * * ch1", 6, "* makes no sense here"}, Broken{"(ch0 + 1", 0, "this ( is not closed"},
        Broken{"2 * max(ch0, 1", 7, "this ( is not closed"}, Broken{"ch0)", 3, "this ) closes nothing"},
        Broken{"ch0 ch1", 4, "an operator is missing before this"},
        Broken{"2ch0", 1, "an operator is missing behind the number"},
        Broken{"1.2.3 + ch0", 3, "an operator is missing behind the number"},
        Broken{"ch0 * 1e999", 6, "this number cannot be read"},
        Broken{"ch0 = 1", 4, "= assigns nothing here; compare with =="},
        Broken{"0 < ch0 < 1", 8, "put one of the two comparisons in parentheses"},
        Broken{"clip(ch0, 1)", 0, "clip takes 3 values: clip(v, low, high)"},
        Broken{"1 + abs()", 4, "abs takes 1 value: abs(v)"}, Broken{"max(ch0)", 0, "max takes 2 values: max(a, b)"},
        Broken{"sin(ch0)", 0,
               "there is no function sin; there are abs, ceil, clip, exp, floor, log, log10, log2, max, min, round, "
               "sqrt, where"},
        Broken{"foo + ch0", 0,
               "foo is not known; channels are ch0 and ch1, and functions take their values in parentheses"},
        Broken{"ch0 + \"RFP\"", 6, "no channel is labelled \"RFP\"; the labels are \"DAPI\", \"GFP\""},
        Broken{"\"GFP", 0, "the quoted label does not end"},
        Broken{"1 + 2", 0, "the expression depends on no channel, such as ch0"},
        Broken{"ch0 \xC3\xB7 2", 4, "a character that means nothing here"}));

TEST(Expressions, HostileOnesAreRefusedNotSuffered) {
    const auto repeated = [](const std::string& part, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += part;
        return text;
    };
    EXPECT_TRUE(checkExpression(repeated("(", 3000), 2));
    EXPECT_TRUE(checkExpression(repeated("abs(", 900) + "ch0", 2));
    EXPECT_TRUE(checkExpression(repeated("ch0^", 900) + "ch0", 2));
    EXPECT_TRUE(checkExpression(repeated("ch0 +", 100000) + "ch0", 2));
    EXPECT_FALSE(checkExpression(repeated("-", 3000) + "ch0", 2));
    std::string many = "ch0";
    for (int i = 1; i < 300; ++i) many += " + ch" + std::to_string(i);
    EXPECT_EQ(checkExpression(many, 300)->message, "the expression has too many operations; make it two steps");
    std::string distinct = "ch0";
    for (int i = 1; i < 100; ++i) distinct += " + abs(ch0 - " + std::to_string(i) + ")";
    EXPECT_EQ(checkExpression(distinct, 1)->message, "the expression has too many operations; make it two steps");
}

/// A random expression as text, and its value by the ordinary functions of C++.
class RandomExpression {
public:
    using Value = std::function<double(const std::array<double, 3>&)>;

    explicit RandomExpression(unsigned seed) : random_(seed) { text = make(4, value) + " + 0 * ch0"; }

    std::string text;
    Value value;

private:
    std::string make(int depth, Value& result) {
        const unsigned kind = random_() % (depth == 0 ? 2 : 12);
        if (kind == 0) {
            const double number = static_cast<double>(random_() % 1000) / 8;
            result = [number](const auto&) { return number; };
            return std::to_string(number);
        }
        if (kind == 1) {
            const std::size_t channel = random_() % 3;
            result = [channel](const auto& ch) { return ch[channel]; };
            return "ch" + std::to_string(channel);
        }
        Value a;
        Value b;
        const std::string left = make(depth - 1, a);
        const std::string right = make(depth - 1, b);
        switch (kind) {
            case 2:
                result = [a, b](const auto& ch) { return a(ch) + b(ch); };
                return "(" + left + "+" + right + ")";
            case 3:
                result = [a, b](const auto& ch) { return a(ch) - b(ch); };
                return "( " + left + " - " + right + " )";
            case 4:
                result = [a, b](const auto& ch) { return a(ch) * b(ch); };
                return "(" + left + ") * (" + right + ")";
            case 5:
                result = [a, b](const auto& ch) { return a(ch) / std::max(std::abs(b(ch)), 1.0); };
                return "(" + left + ") / max(abs(" + right + "), 1)";
            case 6:
                result = [a, b](const auto& ch) { return std::min(a(ch), b(ch)); };
                return "min(" + left + "," + right + ")";
            case 7:
                result = [a, b](const auto& ch) { return a(ch) <= b(ch) ? a(ch) : -b(ch); };
                return "where(" + left + " <= " + right + ", " + left + ", -(" + right + "))";
            case 8:
                result = [a](const auto& ch) { return std::sqrt(std::abs(a(ch))); };
                return "sqrt(abs(" + left + "))";
            case 9:
                result = [a](const auto& ch) { return std::pow(a(ch), 3); };
                return "(" + left + ")^3";
            case 10:
                result = [a](const auto& ch) { return std::floor(a(ch)); };
                return "floor(" + left + ")";
            default:
                result = [a](const auto& ch) { return std::log2(1 + std::abs(a(ch))); };
                return "log2(1 + abs(" + left + "))";
        }
    }

    std::mt19937 random_;
};

bool sameNumber(double a, double b) {
    return a == b || (a != a && b != b);
}

TEST(Expressions, RandomOnesEqualTheirDirectEvaluation) {
    const Region region({{0, 2}, {0, 3}, {0, 300}});
    std::vector<Block> channels;
    for (unsigned c = 0; c < 3; ++c) channels.push_back(testing::randomBlock(DType::Float64, region, 20 + c));
    int compared = 0;
    for (unsigned seed = 0; seed < 300; ++seed) {
        const RandomExpression random(seed);
        const auto outcome = compileExpression(random.text, 3, {});
        if (std::holds_alternative<ExpressionMistake>(outcome)) continue; // too many operations
        const CompiledExpression& expression = std::get<CompiledExpression>(outcome);
        std::vector<Block> inputs;
        for (const std::int64_t c : expression.channels) inputs.push_back(channels[static_cast<std::size_t>(c)]);
        std::vector<double> memory(static_cast<std::size_t>(region.elementCount()));
        const Destination out{reinterpret_cast<std::byte*>(memory.data()), DType::Float64, region,
                              rowMajorStrides(region.shape(), sizeof(double))};
        ASSERT_TRUE(compute::cpuBackend()->run(expression.code, inputs, out, {}).ok());
        std::size_t next = 0;
        testing::forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
            const std::array<double, 3> ch{channels[0].valueAt(at), channels[1].valueAt(at), channels[2].valueAt(at)};
            const double exact = random.value(ch);
            const double value = memory[next++];
            ASSERT_TRUE(sameNumber(value, exact) || std::abs(value - exact) <= 1e-9 * std::abs(exact))
                << random.text << " is " << value << ", not " << exact;
        });
        ++compared;
    }
    EXPECT_GT(compared, 250);
}

TEST(Expressions, RowsEqualVoxelsToTheBit) {
    const Region region({{0, 1}, {0, 2}, {0, 517}});
    std::vector<Block> channels;
    for (unsigned c = 0; c < 3; ++c) channels.push_back(testing::randomBlock(DType::Int16, region, 40 + c));
    for (unsigned seed = 0; seed < 100; ++seed) {
        const RandomExpression random(seed);
        const auto outcome = compileExpression(random.text + " + exp(ch0 / 100) - log(abs(ch1) + 1)", 3, {});
        if (std::holds_alternative<ExpressionMistake>(outcome)) continue;
        const CompiledExpression& expression = std::get<CompiledExpression>(outcome);
        std::vector<Block> inputs;
        for (const std::int64_t c : expression.channels) inputs.push_back(channels[static_cast<std::size_t>(c)]);
        std::vector<float> memory(static_cast<std::size_t>(region.elementCount()));
        const Destination out{reinterpret_cast<std::byte*>(memory.data()), DType::Float32, region,
                              rowMajorStrides(region.shape(), sizeof(float))};
        ASSERT_TRUE(compute::cpuBackend()->run(expression.code, inputs, out, {}).ok());
        std::size_t next = 0;
        testing::forEachPosition(region, [&](const std::vector<std::int64_t>& at) {
            std::vector<float> values;
            for (const Block& input : inputs) values.push_back(static_cast<float>(input.valueAt(at)));
            const float value = memory[next++];
            ASSERT_TRUE(sameNumber(value, expression.code(values.data()))) << random.text;
        });
    }
}

} // namespace
} // namespace lazulite::ops
