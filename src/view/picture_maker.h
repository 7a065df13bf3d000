#pragma once

#include <oneapi/tbb/task_arena.h>

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "lazulite/view/viewer.h"
#include "picture_pool.h"
#include "slice_loader.h"

namespace lazulite::view {

/// Makes pictures of frames. Remembers what it found out about the frame before, so that a picture of the same slices
/// with other limits costs nothing but the composing. One thread at a time.
class PictureMaker {
public:
    /// Looks at the frame's slices; those that were looked at before are not looked at again.
    void examine(const Frame& frame);
    /// What is known of a channel's slice in the frame last examined.
    std::shared_ptr<const Statistics> statistics(std::size_t channel) const;

    /// A picture of the frame last examined. `state` is what the picture shows: the frame's position and order.
    std::shared_ptr<Picture> make(const Frame& frame, ViewState state, int width, int height);

private:
    struct Examined {
        Block plane; ///< held, so that no other block can come to lie at its address
        std::shared_ptr<const Statistics> statistics;
    };

    std::vector<Examined> examined_;
    PicturePool pool_;
    /// Its own, with all cores: what else runs on the executor's threads neither takes part nor stands in the way.
    oneapi::tbb::task_arena arena_;
};

/// Limits for values like these: percentiles, except that colour photographs of 8 bits are shown as they are.
std::array<double, 2> startLimits(const Statistics& statistics, const Block& plane);

} // namespace lazulite::view
