#include "messages.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>

#include "lazulite/core/error.h"

namespace lazulite::cli {
namespace {

bool quietAsked = false;

} // namespace

void startMessages(const LogOptions& options) {
    quietAsked = options.quiet;
    auto terminal = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    terminal->set_pattern("lazulite: %v");
    terminal->set_level(options.quiet     ? spdlog::level::err
                        : options.verbose ? spdlog::level::debug
                                          : spdlog::level::warn);
    auto logger = std::make_shared<spdlog::logger>("lazulite", spdlog::sinks_init_list{terminal});
    if (!options.file.empty()) {
        try {
            auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
            file->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
            logger->sinks().push_back(file);
        } catch (const spdlog::spdlog_ex& error) {
            throw Failure(std::string("--log-file: ") + error.what());
        }
    }
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void tellError(const std::string& message) {
    spdlog::default_logger_raw()->log(spdlog::level::err, message);
}
void tellWarning(const std::string& message) {
    spdlog::default_logger_raw()->log(spdlog::level::warn, message);
}
void tellDetail(const std::string& message) {
    spdlog::default_logger_raw()->log(spdlog::level::debug, message);
}

bool progressWanted() {
    return !quietAsked && isatty(STDERR_FILENO) == 1;
}

} // namespace lazulite::cli
