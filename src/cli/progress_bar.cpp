#include "progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "messages.h"

namespace lazulite::cli {
namespace {

constexpr auto kBetweenDrawings = std::chrono::milliseconds(80);

std::size_t terminalColumns() {
    winsize size{};
    constexpr std::size_t kUsual = 80;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

} // namespace

std::string progressLine(const std::string& title, double fraction, std::size_t columns, const std::string& detail) {
    constexpr std::size_t kLeastBar = 10;
    constexpr std::size_t kAround = 12; // blanks, brackets, "100 %" and the last column left free
    constexpr std::size_t kLongest = 50;
    const double done = std::clamp(std::isfinite(fraction) ? fraction : 0.0, 0.0, 1.0);
    const std::string percent = fmt::format("{:3.0f} %", std::floor(done * 100));
    if (columns < title.size() + kAround + 4) return percent;
    std::size_t room = columns - title.size() - kAround;
    const std::size_t behind = detail.empty() ? 0 : detail.size() + 2;
    const bool told = behind > 0 && room >= behind + kLeastBar;
    if (told) room -= behind;
    const std::size_t length = std::min(room, kLongest);
    const auto full = static_cast<std::size_t>(std::floor(done * static_cast<double>(length)));
    return fmt::format("{}  [{:#<{}}{:.<{}}]  {}{}{}", title, "", full, "", length - full, percent, told ? "  " : "",
                       told ? detail : "");
}

ProgressBar::ProgressBar(std::string title) : title_(std::move(title)), wanted_(progressWanted()) {}

ProgressBar::~ProgressBar() {
    if (drawn_ == 0) return;
    fmt::print(stderr, "\r{:{}}\r", "", drawn_);
    std::fflush(stderr);
}

void ProgressBar::show(double fraction, const std::string& detail) {
    if (!wanted_) return;
    const std::scoped_lock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + kBetweenDrawings;
    const std::string line = progressLine(title_, fraction, terminalColumns(), detail);
    fmt::print(stderr, "\r{:{}}", line, drawn_); // over what was longer
    std::fflush(stderr);
    drawn_ = line.size();
}

} // namespace lazulite::cli
