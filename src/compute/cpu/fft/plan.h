#pragma once

#include <complex>
#include <cstdint>
#include <tuple>

struct fftwf_plan_s;

namespace lazulite::compute::cpu {

using Complex = std::complex<float>;

/// Complex transforms of `count` lines at once: elements of a line lie `stride` apart, lines `distance`.
struct LinesShape {
    int length = 1;
    int count = 1;
    int stride = 1;
    int distance = 1;
    bool forward = true;
    bool inPlace = true;
    bool once = false; ///< lies anywhere, not on a cache line, and is not worth a measured plan

    auto operator<=>(const LinesShape&) const = default;
    /// Elements from the first to behind the last.
    std::int64_t span() const { return std::int64_t{length - 1} * stride + std::int64_t{count - 1} * distance + 1; }
};

/// An FFTW plan. Cheap to copy; valid as long as the process. Not scaled: forward and back multiply by the length.
class LinesPlan {
public:
    LinesPlan() = default;
    explicit LinesPlan(fftwf_plan_s* plan) : plan_(plan) {}

    /// Addresses are multiples of 64 bytes, unless the shape said otherwise; equal ones for a transform in place, else
    /// what is read stays as it is. May be called on any number of threads at once.
    void run(const Complex* from, Complex* to) const;

private:
    fftwf_plan_s* plan_ = nullptr;
};

/// The plan for a shape. The first one comes at once (estimated, or measured earlier and found in the wisdom of the
/// user's cache folder); a measured one is made in the background when nothing is being transformed, and given out from
/// then on. Thread-safe.
LinesPlan planFor(const LinesShape& shape);

/// While one of these lives, something is being transformed: no plans are measured, unless that has waited for long.
class Transforming {
public:
    Transforming();
    ~Transforming();
    Transforming(const Transforming&) = delete;
    Transforming& operator=(const Transforming&) = delete;
};

/// Waits until every plan that was given out is a measured one: for benchmarks.
void awaitMeasuredPlans();

} // namespace lazulite::compute::cpu
