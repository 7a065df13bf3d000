#include "pipeline/loading.h"

#include <exception>
#include <utility>

#include "lazulite/core/error.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::gui {

namespace {

void build(LoadedPipeline& loaded, const PipelineInput& input) {
    if (!loaded.ok() || !input.raw) return;
    pipeline::Built built = pipeline::buildPipeline(loaded.config, input.raw, input.scan);
    loaded.messages = std::move(built.messages);
    if (!loaded.ok()) return;
    loaded.pipeline = std::move(built.pipeline);
    pipeline::Built geometry = pipeline::buildPipeline(pipeline::geometryOnly(loaded.config), input.raw, input.scan);
    if (geometry.ok()) loaded.geometry = std::move(geometry.pipeline);
}

LoadedPipeline failed(LoadedPipeline loaded, const std::string& why) {
    loaded.pipeline.reset();
    loaded.messages.push_back({loaded.config.path, {}, why});
    return loaded;
}

} // namespace

graph::LazyArray arrayOf(const pipeline::Pipeline& pipeline, std::optional<std::size_t> step) {
    return step && *step < pipeline.stages.size() ? pipeline.stages[*step].array : pipeline.result();
}

LoadedPipeline loadPipeline(const std::string& path, const PipelineInput& input) {
    LoadedPipeline loaded;
    loaded.config.path = path;
    try {
        pipeline::Parsed parsed = pipeline::loadConfig(path);
        loaded.config = std::move(parsed.config);
        loaded.messages = std::move(parsed.messages);
        build(loaded, input);
        return loaded;
    } catch (const Failure& failure) {
        return failed(std::move(loaded), failure.error().message);
    } catch (const std::exception& problem) {
        return failed(std::move(loaded), problem.what());
    }
}

LoadedPipeline makePipeline(pipeline::Config config, const PipelineInput& input) {
    LoadedPipeline loaded{std::move(config), {}};
    try {
        loaded.messages = pipeline::parseConfig(pipeline::writeConfig(loaded.config).text, loaded.config.path).messages;
        build(loaded, input);
        return loaded;
    } catch (const std::exception& problem) {
        return failed(std::move(loaded), problem.what());
    }
}

} // namespace lazulite::gui
