#include "lazulite/compute/richardson_lucy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "lazulite/compute/backend.h"
#include "lazulite/core/error.h"

namespace lazulite::compute {

namespace {

constexpr double kEpsilon = 1.19e-7;

/// How far ahead an iteration starts: from the changes of the two before it.
class Acceleration {
public:
    double lambda() const {
        if (changes_ < 2) return 0;
        return std::clamp(product_ / (squareBefore_ + kEpsilon), 0.0, 1.0);
    }
    void add(const Deconvolver::Change& change) {
        product_ = change.withBefore;
        squareBefore_ = square_;
        square_ = change.square;
        ++changes_;
    }

private:
    int changes_ = 0;
    double product_ = 0;
    double square_ = 0;
    double squareBefore_ = 0;
};

/// One of the pieces along an axis: what becomes of it, and the voxels that it is made from.
struct Piece {
    Interval core;
    Interval window;
};

Piece pieceOf(Index i, Index count, Index window, Index size) {
    const Interval core{i * size / count, (i + 1) * size / count};
    const Index begin = std::clamp<Index>(core.begin - (window - core.size()) / 2, 0, size - window);
    return {core, {begin, begin + window}};
}

Tiling tilingOf(const Blur& blur, const RichardsonLucy& options, const Size3& image, const Size3& counts) {
    Tiling tiling{counts, image, image};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const Index reach = blur.reach[axis];
        const Index core = (image[axis] + counts[axis] - 1) / counts[axis];
        const Index halo = counts[axis] > 1 ? 2 * reach : 0; // as wide as the blur on either side
        tiling.window[axis] = std::min(image[axis], core + 2 * halo);
        if (options.edges == Edges::Open) tiling.grid[axis] = fastSizeFrom(tiling.window[axis] + 2 * reach);
    }
    return tiling;
}

double voxelsOf(const Tiling& tiling) {
    double voxels = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        voxels *= static_cast<double>(tiling.counts[axis]) * static_cast<double>(tiling.grid[axis]);
    }
    return voxels;
}

Block relativeTo(const Block& image, const Region& window) {
    const Block part = image.view(window);
    return part.relabelled(Region::whole(part.shape()), part.strides());
}

/// A piece of an image on its way through the iterations.
struct Job {
    Region core;
    Region window;
    double light = 0;
};

Result<std::vector<Job>> jobsOf(Backend& backend, const Tiling& tiling, const Block& image, const Region& wanted,
                                double background, const Context& context) {
    const Shape shape = image.shape();
    std::vector<Job> jobs;
    forEachGridBlock(Region::whole({tiling.counts[0], tiling.counts[1], tiling.counts[2]}), {1, 1, 1},
                     {tiling.counts[0], tiling.counts[1], tiling.counts[2]}, [&](const Region& place) {
                         std::vector<Interval> core(3);
                         std::vector<Interval> window(3);
                         for (std::size_t axis = 0; axis < 3; ++axis) {
                             const Index origin = image.region()[axis].begin;
                             const Piece piece =
                                 pieceOf(place[axis].begin, tiling.counts[axis], tiling.window[axis], shape[axis]);
                             core[axis] = {piece.core.begin + origin, piece.core.end + origin};
                             window[axis] = {piece.window.begin + origin, piece.window.end + origin};
                         }
                         Job job{Region(core).intersect(wanted), Region(window), 0};
                         if (!job.core.empty()) jobs.push_back(std::move(job));
                     });
    if (jobs.size() < 2) return jobs;
    for (Job& job : jobs) {
        const auto light = backend.lightOf(image.view(job.window), background, context);
        if (!light) return light.error();
        job.light = light->sum;
    }
    std::stable_sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.light > b.light; });
    return jobs;
}

} // namespace

Tiling tilingFor(const Backend& backend, const Blur& blur, const RichardsonLucy& options, const Size3& image,
                 std::uint64_t most, const BytesOf& bytesOf) {
    constexpr double kMostOverhead = 8; // of the work, for pieces that overlap
    struct Need {
        std::uint64_t bytes;
        bool fits;
    };
    const auto needOf = [&](const Tiling& tiling) -> Need {
        const auto memory = backend.deconvolverMemory(options, tiling.window, tiling.grid);
        const std::uint64_t bytes = bytesOf(memory.buffers);
        return {bytes + memory.own, bytes <= most && memory.own <= memory.ownLimit};
    };
    const Tiling whole = tilingOf(blur, options, image, {1, 1, 1});
    Tiling best = whole;
    if (options.edges == Edges::Periodic) return best; // its opposite edges have to meet
    while (!needOf(best).fits) {
        const std::uint64_t bytes = needOf(best).bytes;
        std::optional<Tiling> cheapest;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            Size3 counts = best.counts;
            if (++counts[axis] > image[axis]) continue;
            const Tiling next = tilingOf(blur, options, image, counts);
            if (needOf(next).bytes >= bytes || voxelsOf(next) > kMostOverhead * voxelsOf(whole)) continue;
            if (!cheapest || voxelsOf(next) < voxelsOf(*cheapest)) cheapest = next;
        }
        if (!cheapest) break;
        best = *cheapest;
    }
    return best;
}

Result<void> deconvolve(Backend& backend, const Blur& blur, const RichardsonLucy& options, const Tiling& tiling,
                        const Block& image, double background, const Destination& out, const Context& context) {
    const auto light = backend.lightOf(image, background, context);
    if (!light) return light.error();
    if (light->sum == 0) {
        if (light->highest > 0) {
            return Error{
                Error::Kind::BadArgument,
                fmt::format("nothing is left to deconvolve: the background of {:.6g} is not below the volume's "
                            "highest value of {:.6g}; give a lower background",
                            background, light->highest),
                {},
                {}};
        }
        out.fillZero(); // no light at all
        return {};
    }
    const Deconvolver::Exposure exposure{
        background, light->sum / static_cast<double>(std::max<Index>(1, image.region().elementCount()))};
    const auto jobs = jobsOf(backend, tiling, image, out.region, background, context);
    if (!jobs) return jobs.error();
    auto deconvolver = backend.deconvolver(image, blur, options, tiling.window, tiling.grid, context);
    if (!deconvolver) return deconvolver.error();
    const double steps = static_cast<double>(jobs->size()) * options.iterations;
    double done = 0;
    // All pieces start their iterations as far ahead as the brightest one does: else they would be at different
    // stages, and their seams would be seen.
    std::vector<double> lambdas;
    for (const Job& job : *jobs) {
        if (auto begun = (*deconvolver)->begin(relativeTo(image, job.window), exposure); !begun) return begun;
        Acceleration acceleration;
        for (int k = 0; k < options.iterations; ++k) {
            const auto index = static_cast<std::size_t>(k);
            if (index == lambdas.size()) lambdas.push_back(options.accelerated ? acceleration.lambda() : 0);
            const auto change = (*deconvolver)->iterate(lambdas[index], [&](double fraction) {
                if (context.progress) context.progress((done + fraction) / steps);
            });
            if (!change) return change.error();
            acceleration.add(*change);
            done += 1;
        }
        Destination to = out.at(job.core);
        to.region = job.core.relativeTo(job.window);
        if (jobs->size() > 1) to.mirror.reset(); // pieces have to make room for the next
        if (auto stored = (*deconvolver)->store(to); !stored) return stored;
    }
    return {};
}

} // namespace lazulite::compute
