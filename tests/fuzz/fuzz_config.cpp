#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lazulite/pipeline/config.h"

/// Any bytes as a pipeline config: it is understood or refused, and what is understood is written back as it was, also
/// after an edit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lazulite::pipeline;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const Parsed parsed = parseConfig(text, "fuzz.toml");
    if (!parsed.ok()) return 0;
    if (writeConfig(parsed.config).text != text) std::abort();
    Config edited = parsed.config;
    edited.name += "x";
    edited.view.ndisplay = 2;
    if (!edited.steps.empty()) {
        edited.steps.front().enabled = !edited.steps.front().enabled;
        edited.steps.back().label = "a \"label\"";
        edited.steps.insert(edited.steps.begin(), edited.steps.back());
    }
    const Parsed again = parseConfig(writeConfig(edited).text, "fuzz.toml");
    if (!again.ok() || !(again.config == edited)) std::abort();
    return 0;
}
