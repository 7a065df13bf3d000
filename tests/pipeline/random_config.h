#pragma once

#include <random>
#include <string>

#include "lazulite/pipeline/config.h"

namespace lazulite::pipeline {

/// Configs that are right in themselves, of any steps and parameters.
class RandomConfigs {
public:
    explicit RandomConfigs(unsigned seed) : random_(seed) {}

    Config config();
    Step step();
    /// Changes, adds, removes or moves something.
    void change(Config& config);

    std::size_t below(std::size_t end) { return random_() % end; }
    bool chance(unsigned percent) { return random_() % 100 < percent; }

private:
    std::string word();
    double between(double low, double high);

    struct Values;
    std::mt19937 random_;
};

} // namespace lazulite::pipeline
