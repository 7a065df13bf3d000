#include "window/backend_choice.h"

#include "lazulite/compute/backend.h"

namespace lazulite::gui {

BackendReport chooseBackend(const std::string& choice) {
    const auto active = compute::chooseBackend(choice);
    const auto& cards = compute::cudaBackend();
    BackendReport report;
    report.active = active->name();
    report.runsOn = active->description();
    report.cpu = compute::cpuBackend()->description();
    if (cards)
        report.cuda = (*cards)->description();
    else
        report.whyNot = cards.error().text();
    report.refused = choice == "cuda" && active->name() != "cuda";
    return report;
}

} // namespace lazulite::gui
