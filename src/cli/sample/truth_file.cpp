#include <nlohmann/json.hpp>

#include "files.h"

namespace lazulite::cli::sample {
namespace {

using nlohmann::ordered_json;

ordered_json place(const Optics& optics, const Point& point) {
    const auto [plane, row, column] = optics.toRaw(point);
    return {{"um", {{"x", point.x}, {"y", point.y}, {"z", point.z}}},
            {"raw", {{"z", plane}, {"y", row}, {"x", column}}}};
}

} // namespace

std::string truthText(const Recording& recording) {
    const Optics& optics = recording.optics();
    const Camera& camera = recording.camera();
    const RecordingOptions& options = recording.options();
    ordered_json root{
        {"about",
         "um: x along the camera's rows, y along its columns, z along the detection objective. raw: pixels of a raw "
         "stack, "
         "centres at whole numbers; plane k lies at z = k step sin(angle), its column 0 at x = k step cos(angle)."},
        {"seed", options.seed},
        {"size",
         {{"t", options.timepoints},
          {"c", kChannels},
          {"z", options.size[0]},
          {"y", options.size[1]},
          {"x", options.size[2]}}},
        {"interval_s", options.interval},
        {"pixel_um", optics.pixel},
        {"stage_step_um", optics.stageStep},
        {"angle_deg", optics.angleDegrees},
        {"camera",
         {{"offset", camera.offset},
          {"counts_per_electron", camera.gain},
          {"read_noise_electrons", camera.readNoise}}}};
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        root["channels"].push_back({{"excitation_nm", optics.excitation[channel]},
                                    {"sigma_lateral_um", optics.spread[channel].lateral},
                                    {"sigma_axial_um", optics.spread[channel].axial}});
    }
    root["beads"] = ordered_json::array();
    for (const Bead& bead : recording.beads()) {
        ordered_json entry = place(optics, bead.centre);
        entry["peak_electrons"] = bead.peak;
        root["beads"].push_back(std::move(entry));
    }
    root["cells"] = ordered_json::array();
    for (const Cell& cell : recording.cells()) {
        ordered_json entry{{"radius_um", cell.radius}, {"nucleus_um", cell.nucleus}, {"at", ordered_json::array()}};
        for (std::int64_t t = 0; t < options.timepoints; ++t) entry["at"].push_back(place(optics, cell.centreAt(t)));
        root["cells"].push_back(std::move(entry));
    }
    return root.dump(1) + "\n";
}

} // namespace lazulite::cli::sample
