#include <gtest/gtest.h>

#include "driver.h"
#include "lazulite/ops/arrays.h"
#include "lazulite/ops/geometry.h"
#include "lazulite/ops/reduce.h"
#include "pipeline/config_edits.h"
#include "pipeline/config_history.h"
#include "pipeline/config_paths.h"
#include "pipeline/parameter_text.h"
#include "pipeline/raw_place.h"
#include "pipeline/step_state.h"
#include "session/carry_over.h"
#include "view/scripted_source.h"

/// What stands behind the pipeline panel, without widgets.
namespace lazulite {
namespace {

using pipeline::Config;
using pipeline::ParameterKind;
using pipeline::ParameterSchema;
using pipeline::Value;

Config steps(std::initializer_list<const char*> ops) {
    Config config;
    for (const char* op : ops) config = gui::withStepAdded(config, op, config.steps.size());
    return config;
}

std::string opsOf(const Config& config) {
    std::string text;
    for (const pipeline::Step& step : config.steps) text += (text.empty() ? "" : " ") + step.op;
    return text;
}

TEST(ConfigEdits, AddMoveAndRemoveSteps) {
    const Config config = steps({"deskew", "rescale", "crop"});
    EXPECT_EQ(opsOf(gui::withStepAdded(config, "bin", 1)), "deskew bin rescale crop");
    EXPECT_EQ(opsOf(gui::withStepMoved(config, 0, 2)), "rescale crop deskew");
    EXPECT_EQ(opsOf(gui::withStepMoved(config, 2, 0)), "crop deskew rescale");
    EXPECT_EQ(opsOf(gui::withStepRemoved(config, 1)), "deskew crop");
    EXPECT_EQ(opsOf(gui::withStepRemoved(config, 7)), "deskew rescale crop");
}

TEST(ConfigEdits, KnowWhereAStepStandsAfterAMove) {
    for (std::size_t from = 0; from < 4; ++from) {
        for (std::size_t to = 0; to < 4; ++to) {
            const Config moved = gui::withStepMoved(steps({"a", "b", "c", "d"}), from, to);
            for (std::size_t step = 0; step < 4; ++step) {
                const std::string op(1, static_cast<char>('a' + step));
                EXPECT_EQ(moved.steps[gui::placeAfterMove(step, from, to)].op, op) << from << " to " << to;
            }
        }
    }
}

TEST(History, GoesBackAndForthAndForgetsWhatWasUndone) {
    gui::ConfigHistory history(steps({"crop"}));
    history.push(steps({"crop", "bin"}));
    history.push(steps({"crop", "bin", "math"}));
    EXPECT_TRUE(history.changed());
    history.undo();
    history.undo();
    EXPECT_FALSE(history.changed());
    EXPECT_FALSE(history.canUndo());
    history.redo();
    EXPECT_EQ(opsOf(history.current()), "crop bin");
    history.push(steps({"smooth"}));
    EXPECT_FALSE(history.canRedo());
    history.undo();
    EXPECT_EQ(opsOf(history.current()), "crop bin");
}

TEST(History, TakesChangesOfOneParameterTogetherUntilTheyAreSealed) {
    const Config start = steps({"rescale"});
    gui::ConfigHistory history(start);
    for (int gain = 2; gain < 6; ++gain) history.push(gui::withParameter(start, 0, "gain", Value(gain)), "0 gain");
    history.undo();
    EXPECT_EQ(history.current(), start) << "four changes of the gain are one";
    history.redo();
    history.push(gui::withParameter(start, 0, "gain", Value(7)), "0 gain");
    history.seal();
    history.push(gui::withParameter(start, 0, "gain", Value(8)), "0 gain");
    history.undo();
    EXPECT_EQ(history.current().steps[0].find("gain")->number(), 7);
}

TEST(History, DoesNotGrowWithoutEnd) {
    gui::ConfigHistory history(steps({}));
    for (int i = 0; i < 3 * static_cast<int>(gui::ConfigHistory::kMost); ++i) {
        history.push(gui::withParameter(steps({"rescale"}), 0, "gain", Value(i)));
    }
    std::size_t undone = 0;
    for (; history.canUndo(); ++undone) history.undo();
    EXPECT_EQ(undone, gui::ConfigHistory::kMost - 1);
}

TEST(History, KnowsWhatTheFileSays) {
    gui::ConfigHistory history(steps({"crop"}));
    history.push(steps({"crop", "bin"}));
    Config saved = history.current();
    saved.path = "/a/p.toml";
    history.setSaved(saved);
    EXPECT_FALSE(history.changed());
    EXPECT_EQ(history.current().path, "/a/p.toml");
    history.undo();
    EXPECT_TRUE(history.changed());
    EXPECT_EQ(history.current().path, "/a/p.toml") << "also of what was undone";
}

TEST(Paths, LeadToTheSameFilesFromAnotherFolder) {
    Config config = steps({"deconvolve", "crop"});
    config.path = "/data/a/p.toml";
    config.steps[0].set("psf", Value(Value::Table{{"ch0", "psf/one.tif"}, {"ch1", "/abs/two.tif"}}));
    config.steps[1].set("z", "2:");
    const Config moved = gui::movedTo(config, "/data/b/p.toml");
    const auto& table = *moved.steps[0].find("psf")->get<Value::Table>();
    EXPECT_EQ(*table[0].value.get<std::string>(), "../a/psf/one.tif");
    EXPECT_EQ(*table[1].value.get<std::string>(), "/abs/two.tif");
    EXPECT_EQ(gui::fileOf(moved, "../a/psf/one.tif"), "/data/a/psf/one.tif");
    EXPECT_EQ(*moved.steps[1].find("z")->get<std::string>(), "2:");
    EXPECT_EQ(gui::movedTo(config, "/data/a/q.toml"), config) << "in the same folder nothing has to be said anew";
    EXPECT_EQ(gui::pathInConfig(config, "/data/a/psf/x.tif"), "psf/x.tif");
    EXPECT_EQ(gui::pathInConfig(config, "/data/b/x.tif"), "/data/b/x.tif");
}

TEST(ParameterText, IsReadAsItIsWritten) {
    const auto roundTrip = [](ParameterKind kind, const Value& value) {
        ParameterSchema parameter{.key = "k", .kind = kind, .fallback = "none"};
        const gui::TypedValue typed = gui::typedValue(parameter, gui::textOf(parameter, value));
        EXPECT_EQ(typed.mistake, "");
        EXPECT_TRUE(typed.value && *typed.value == value) << gui::textOf(parameter, value);
    };
    roundTrip(ParameterKind::Slice, Value("10:-20"));
    roundTrip(ParameterKind::Number, Value(31.5));
    roundTrip(ParameterKind::Names, Value(Value::List{"t", "z"}));
    roundTrip(ParameterKind::Vector, Value(Value::List{1, 2.5, 3}));
    roundTrip(ParameterKind::Matrix,
              Value(Value::List{Value::List{1, 0, 0, 4.5}, Value::List{0, 1, 0, 0}, Value::List{0, 0, 1, 0}}));
    roundTrip(ParameterKind::Shifts, Value(Value::List{Value::List{0, 0, 0}, Value::List{0.1, 0, -2}}));
    roundTrip(ParameterKind::Shifts, Value("shifts.txt"));
    roundTrip(ParameterKind::Expression, Value("(ch1 - 100) / 2"));
    roundTrip(ParameterKind::Position, Value("488 nm"));
    roundTrip(ParameterKind::Position, Value(-1));
}

TEST(ParameterText, SaysWhatIsWrongAndThatNothingIsSet) {
    const ParameterSchema slice{.key = "z", .kind = ParameterKind::Slice, .fallback = "all"};
    EXPECT_FALSE(gui::typedValue(slice, "  ").value);
    EXPECT_EQ(gui::typedValue(slice, "  ").mistake, "");
    EXPECT_NE(gui::typedValue(slice, "2:x").mistake, "");
    const ParameterSchema matrix{.key = "matrix", .kind = ParameterKind::Matrix, .fallback = "none"};
    for (const char* broken : {"[[1, 2]", "]", "[", "1, 2", "[[[[[[1]]]]]]", "[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1]]"})
        EXPECT_NE(gui::typedValue(matrix, broken).mistake, "") << broken;
    const ParameterSchema background{
        .key = "background", .kind = ParameterKind::Number, .words = {"auto"}, .fallback = "\"auto\""};
    EXPECT_EQ(*gui::typedValue(background, "auto").value, Value("auto"));
    EXPECT_EQ(gui::fallbackText(background), "auto");
    EXPECT_NE(gui::typedValue(background, "often").mistake, "");
}

Axes axesOf(const std::string& names, const Shape& sizes) {
    Axes axes;
    for (std::size_t i = 0; i < names.size(); ++i) axes.push_back({std::string(1, names[i]), sizes[i], 1, "", {}});
    return axes;
}

TEST(CarriedOver, KeepsPositionsByTheNamesOfAxesAndInsideThem) {
    const Axes from = axesOf("tzyx", {10, 64, 20, 30});
    view::ViewState state = view::ViewState::startFor(from);
    state.position = {7, 60, 0, 0};
    const Axes to = axesOf("ztyx", {32, 10, 20, 40});
    const view::ViewState carried = gui::carriedOver(state, from, to);
    EXPECT_EQ(carried.position[1], 7);
    EXPECT_EQ(carried.position[0], 31);
    EXPECT_EQ(to[carried.rowAxis()].name, "y");
}

TEST(CarriedOver, KeepsWhatIsDisplayedAndTheCameraWhereThePlaneAllows) {
    const Axes from = axesOf("tzyx", {10, 64, 20, 30});
    view::ViewState state = view::ViewState::startFor(from);
    view::roll(state, from); // z against y
    state.camera2d = {30, 15, 4, false};
    const view::ViewState kept = gui::carriedOver(state, from, axesOf("tzyx", {10, 40, 20, 300}));
    EXPECT_EQ(kept.order, state.order);
    EXPECT_EQ(kept.camera2d, state.camera2d);
    const view::ViewState outside = gui::carriedOver(state, from, axesOf("tzyx", {10, 20, 20, 30}));
    EXPECT_TRUE(outside.camera2d.fitted) << "the place that it looked at is gone";
    const view::ViewState gone = gui::carriedOver(state, from, axesOf("tyx", {10, 20, 30}));
    EXPECT_EQ(gone.order, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(CarriedOver, KeepsWhatWasSetForAChannelByItsLabel) {
    Axes from = axesOf("czyx", {2, 4, 8, 8});
    from[0].labels = {"488 nm", "560 nm"};
    view::ViewState state = view::ViewState::startFor(from);
    state.channels[1].limits = {90, 1500};
    state.channels[1].provisional = false;
    Axes to = axesOf("czyx", {3, 4, 8, 8});
    to[0].labels = {"560 nm", "488 nm", "ratio"};
    const view::ViewState carried = gui::carriedOver(state, from, to);
    EXPECT_EQ(carried.channels[0], state.channels[1]);
    EXPECT_EQ(carried.channels[1], state.channels[0]);
    EXPECT_EQ(carried.channels[2].name, "ratio");
}

TEST(RawPlace, IsFoundThroughCropsAndShears) {
    const graph::LazyArray raw = graph::LazyArray::fromSource(testing::smallMovie());
    const graph::LazyArray cropped = ops::crop(ops::crop(raw, "z", 2, 5), "x", 10, 30);
    EXPECT_EQ(gui::rawPlaceOf(cropped, raw, {3, 1, 7, 4}), (std::vector<std::int64_t>{3, 3, 7, 14}));
    ops::DeskewOptions options;
    options.angle = 45;
    const graph::LazyArray deskewed = ops::deskew(raw, options);
    ASSERT_GT(deskewed.shape()[3], 30);
    const auto first = gui::rawPlaceOf(deskewed, raw, {3, 0, 7, 15});
    const auto last = gui::rawPlaceOf(deskewed, raw, {3, 4, 7, 15});
    ASSERT_TRUE(first && last);
    EXPECT_EQ((*first)[1], 0);
    EXPECT_EQ((*last)[1], 4);
    // A plane is sheared by 0.5 cos 45 / 0.25 = 1.41 columns against the one before it.
    EXPECT_NEAR(std::abs((*last)[3] - (*first)[3]), 4 * 1.41, 1.01);
    EXPECT_FALSE(gui::rawPlaceOf(raw, cropped, {0, 0, 0, 0})) << "it is not made of it";
}

/// Where `to` is looked at when `from` was at this place, in the middle of its plane.
view::ViewState moved(const graph::LazyArray& raw, const graph::LazyArray& from, const graph::LazyArray& to,
                      std::int64_t t, std::int64_t z) {
    view::ViewState state = view::ViewState::startFor(from.axes());
    state.position[0] = t;
    state.position[1] = z;
    return gui::atSamePlace(gui::carriedOver(state, from.axes(), to.axes()), to, state, from, raw);
}

TEST(RawPlace, IsKeptWhenAnotherStageIsShown) {
    const graph::LazyArray raw = graph::LazyArray::fromSource(testing::smallMovie());
    const graph::LazyArray later = ops::crop(ops::crop(raw, "z", 1, 5), "t", 2, 6);
    EXPECT_EQ(moved(raw, raw, later, 3, 3).position, (std::vector<std::int64_t>{1, 2, 10, 15}));
    EXPECT_EQ(moved(raw, later, raw, 1, 2).position[1], 3);
    EXPECT_EQ(moved(raw, raw, later, 0, 0).position[0], 0) << "the nearest that there is";
    EXPECT_EQ(moved(raw, later, ops::crop(raw, "z", 2, 5), 1, 2).position[1], 1) << "not made of each other";
    const graph::LazyArray projected = ops::project(raw, "z", ops::Projection::Max);
    EXPECT_EQ(moved(raw, projected, raw, 3, 0).position[1], 2) << "the middle of what is projected";
    // A turned volume has other planes: the one that goes through the voxel that was in the middle.
    ops::DeskewOptions options;
    options.angle = 45;
    const graph::LazyArray turned = ops::deskewRotate(raw, options);
    const std::int64_t plane = moved(raw, raw, turned, 3, 4).position[1];
    bool goesThrough = false;
    for (std::int64_t y = 0; y < turned.shape()[2]; ++y) {
        for (std::int64_t x = 0; x < turned.shape()[3]; ++x) {
            const auto place = gui::rawPlaceOf(turned, raw, {3, plane, y, x}).value_or(std::vector<std::int64_t>(4));
            goesThrough =
                goesThrough || (place[1] == 4 && std::abs(place[2] - 10) <= 1 && std::abs(place[3] - 15) <= 1);
        }
    }
    EXPECT_TRUE(goesThrough) << plane;
    EXPECT_EQ(moved(raw, later, later, 1, 2).position[1], 2);
}

TEST(RawPlace, IsKeptOnTheCanvas) {
    const graph::LazyArray raw = graph::LazyArray::fromSource(testing::smallMovie());
    const graph::LazyArray cropped = ops::crop(raw, "x", 10, 30);
    view::ViewState state = view::ViewState::startFor(raw.axes());
    state.camera2d.fitted = false;
    state.camera2d.row = 5;
    state.camera2d.column = 18;
    const view::ViewState carried =
        gui::atSamePlace(gui::carriedOver(state, raw.axes(), cropped.axes()), cropped, state, raw, raw);
    EXPECT_EQ(carried.camera2d.row, 5);
    EXPECT_EQ(carried.camera2d.column, 8);
}

TEST(StepStates, TellOffMistakenShownAndWorking) {
    const graph::LazyArray raw = graph::LazyArray::fromSource(testing::smallMovie());
    Config config = steps({"rescale", "smooth", "crop", "rescale"});
    config.steps[0].set("gain", 2);
    config.steps[2].set("z", "1:");
    config.steps[3].enabled = false;
    const pipeline::Built built = pipeline::buildPipeline(config, raw, {});
    ASSERT_TRUE(built.ok());
    graph::Activity activity;
    const auto kinds = [&](const pipeline::Messages& messages, std::optional<std::size_t> lookedAt) {
        std::vector<gui::StepState::Kind> kinds;
        for (const auto& state : gui::stepStates(config, messages, &built.pipeline, activity, lookedAt))
            kinds.push_back(state.kind);
        return kinds;
    };
    using Kind = gui::StepState::Kind;
    EXPECT_EQ(kinds({}, {}), (std::vector{Kind::Idle, Kind::Idle, Kind::Free, Kind::Off}));
    const graph::Fingerprint work = built.pipeline.stages[1].computations.at(0);
    activity.begin(work);
    activity.progress(work, 0.25);
    EXPECT_EQ(kinds({}, {})[1], Kind::Running);
    EXPECT_EQ(gui::stepStates(config, {}, &built.pipeline, activity, {})[1].fraction, 0.25);
    activity.end(work, 12);
    EXPECT_EQ(kinds({}, {})[1], Kind::Done);
    activity.fail(work, "no memory");
    EXPECT_EQ(gui::stepStates(config, {}, &built.pipeline, activity, {})[1].text, "no memory");
    EXPECT_EQ(kinds({}, 0)[1], Kind::NotShown);
    EXPECT_EQ(kinds({{"", {}, "wrong", 1}}, {})[1], Kind::Mistaken);
    config.steps[1].op = "bin"; // changed since it was built
    EXPECT_EQ(kinds({}, {})[0], Kind::Unknown);
}

} // namespace
} // namespace lazulite
