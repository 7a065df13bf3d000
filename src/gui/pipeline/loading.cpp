#include "pipeline/loading.h"

#include <exception>
#include <utility>

#include "lazulite/core/error.h"
#include "lazulite/pipeline/schema.h"

namespace lazulite::gui {

namespace {

/// All that is wrong with a config, in itself and for these data; the pipeline where nothing is.
void build(LoadedPipeline& loaded, pipeline::Parsed parsed, const PipelineInput& input) {
    if (!input.raw) {
        loaded.messages = std::move(parsed.messages);
        return;
    }
    parsed.config = loaded.config;
    pipeline::Built built = pipeline::buildPipeline(parsed, input.raw, input.scan);
    loaded.messages = std::move(built.messages);
    if (!loaded.ok()) return;
    loaded.pipeline = std::move(built.pipeline);
    pipeline::Built geometry = pipeline::buildPipeline(pipeline::geometryOnly(loaded.config), input.raw, input.scan);
    if (geometry.ok()) loaded.geometry = std::move(geometry.pipeline);
    loaded.reports = pipeline::report(*loaded.pipeline, input.memoryLimit);
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
        loaded.config = parsed.config;
        build(loaded, std::move(parsed), input);
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
        const std::string text = pipeline::writeConfig(loaded.config).text;
        build(loaded, pipeline::parseConfig(text, loaded.config.path), input);
        return loaded;
    } catch (const std::exception& problem) {
        return failed(std::move(loaded), problem.what());
    }
}

} // namespace lazulite::gui
