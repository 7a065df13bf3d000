#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "commands.h"
#include "input.h"
#include "lazulite/core/error.h"
#include "messages.h"
#include "parser.h"

namespace lazulite::cli {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

int runCommand(const Invocation& invocation, char* programName, const Front& front) {
    startMessages(invocation.log);
    return std::visit(Overloaded{
                          [&](const ViewOptions& options) { return viewCommand(options, programName, front); },
                          [&](const RenderOptions& options) { return renderCommand(options, programName, front); },
                          [](const InfoOptions& options) { return infoCommand(options); },
                          [](const CheckOptions& options) { return checkCommand(options); },
                          [](const SliceOptions& options) { return sliceCommand(options); },
                          [](const ExportOptions& options) { return exportCommand(options); },
                          [](const OtfOptions& options) { return otfCommand(options); },
                          [](const SampleOptions& options) { return sampleCommand(options); },
                      },
                      invocation.command);
}

} // namespace

int run(int argc, char** argv, const Front& front) {
    startMessages({});
    try {
        const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        const auto parsed = parse(arguments, static_cast<bool>(front.view), [&front] { return versionText(front); });
        if (const auto* early = std::get_if<EarlyExit>(&parsed)) {
            fmt::print(early->code == kExitDone ? stdout : stderr, "{}", early->text);
            return early->code;
        }
        return runCommand(std::get<Invocation>(parsed), argv[0], front);
    } catch (const WrongConfig& wrong) {
        tellMistakes(wrong.messages);
        return kExitBadInput;
    } catch (const Failure& failure) {
        tellError(failure.what());
        return kExitBadInput;
    } catch (const std::bad_alloc&) {
        tellError("not enough memory; close other programs or ask for less");
        return kExitBadInput;
    } catch (const std::exception& error) {
        tellError(std::string("an unexpected fault: ") + error.what());
        return kExitFailed;
    }
}

} // namespace lazulite::cli
