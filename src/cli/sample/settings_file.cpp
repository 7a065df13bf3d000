#include <fmt/format.h>

#include <cmath>

#include "files.h"

namespace lazulite::cli::sample {
namespace {

constexpr double kExposure = 0.005;       ///< s a plane
constexpr std::int64_t kStart = 16966725; ///< ms on the microscope's clock

} // namespace

std::string stackName(const Recording& recording, std::int64_t timepoint, std::size_t channel) {
    const auto elapsed =
        static_cast<std::int64_t>(std::llround(static_cast<double>(timepoint) * recording.options().interval * 1000));
    return fmt::format("sample_CamA_ch{}_stack{:04}_{}nm_{:07}msec_{:010}msecAbs.tif", channel, timepoint,
                       recording.optics().excitation[channel], elapsed, kStart + elapsed);
}

std::string settingsText(const Recording& recording) {
    constexpr int kSensor = 2048;
    const RecordingOptions& options = recording.options();
    const Optics& optics = recording.optics();
    const double magnification = 6.5 / optics.pixel; // 6.5 um: a pixel of the sensor
    const std::int64_t planes = options.size[0];
    const std::int64_t left = (kSensor - options.size[2]) / 2 + 1;
    const std::int64_t top = (kSensor - options.size[1]) / 2 + 1;
    std::string text;
    const auto line = [&text](const std::string& content) { text += content + "\r\n"; };

    line("***** ***** ***** General ***** ***** *****");
    line("Date :\t10/7/2016 5:50:37 PM");
    line("Acq Mode :\tZ stack");
    line("Version :\tsynthetic recording, written by Lazulite");
    line("");
    line("***** ***** ***** Waveform ***** ***** *****");
    line("Waveform type :\tLinear");
    line("");
    const auto perChannel = [&](const std::string& name, const std::string& value) {
        for (std::size_t channel = 0; channel < kChannels; ++channel)
            line(fmt::format("{} ({}) :\t{}", name, channel, value));
        line("");
    };
    perChannel("X Galvo Offset, Interval (um), # of Pixels for Excitation", "0\t0.1\t51");
    perChannel("Z Galvo Offset, Interval (um), # of Pixels for Excitation", fmt::format("-1.2\t0\t{}", planes));
    perChannel("Z PZT Offset, Interval (um), # of Pixels for Excitation", fmt::format("12\t0\t{}", planes));
    perChannel("S PZT Offset, Interval (um), # of Pixels for Excitation",
               fmt::format("55\t{}\t{}", optics.stageStep, planes));
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        line(fmt::format("# of stacks ({}) :\t{}", channel, options.timepoints));
    }
    line("");
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        line(fmt::format("Excitation Filter, Laser, Power (%), Exp(ms) ({}) :\tN/A\t{}\t3\t{}", channel,
                         optics.excitation[channel], kExposure * 1000));
    }
    line("");
    line("Cycle lasers :\tper Z");
    line("");
    line("Z motion :\tSample piezo");
    line("");
    line("");
    line("***** ***** *****   Camera  ***** ***** *****");
    line("Model :\tC11440-22C");
    line("Trigger :\tExternal");
    line(fmt::format("Exp(s) :\t{:.5f}", kExposure));
    line(fmt::format("Cycle(s) :\t{:.5f}", options.interval / static_cast<double>(planes * 2)));
    line(fmt::format("ROI :\tLeft={} Top={} Right={} Bot={}", left, top, left + options.size[2] - 1,
                     top + options.size[1] - 1));
    line("Binning :\tX=1 Y=1");
    line(fmt::format("# of Pixels :\tX={0} Y={0}", kSensor));
    line("");
    line("***** ***** *****   .ini File  ***** ***** *****");
    line("[Detection optics]");
    line(fmt::format("Magnification = {:.6g}", magnification));
    line("");
    line("[General]");
    line("Camera type = \"Orca4.0\"");
    line("Cam Trigger mode = \"SLM -> Cam\"");
    line("");
    line("[Sample stage]");
    line(fmt::format("Angle between stage and bessel beam (deg) = {:.6f}", optics.angleDegrees));
    line("");
    line("[Annular Mask]");
    line("outerNA = 0.5");
    line("innerNA = 0.42");
    return text;
}

} // namespace lazulite::cli::sample
