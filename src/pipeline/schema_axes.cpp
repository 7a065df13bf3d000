#include "schema_table.h"

namespace lazulite::pipeline {

namespace {
using enum ParameterKind;
}

std::vector<StepSchema> axesSchemas() {
    return {
        {.op = "select",
         .help = "One position of an axis, which is dropped. Each key is the name of an axis.",
         .knownAs = {"pick", "take", "index"},
         .space = Space::Axes,
         .parameters = {{.key = "AXIS",
                         .kind = Position,
                         .help = "an index (negative: from the end) or a label, such as t = 0, c = \"488 nm\"",
                         .origin = "NumPy: indexing"}},
         .keysAreAxes = true},
        {.op = "transpose",
         .help = "Reorders the axes.",
         .knownAs = {"swapaxes", "permute", "moveaxis"},
         .space = Space::Axes,
         .parameters = {{.key = "order",
                         .kind = Names,
                         .help = "all axes in their new order, such as [\"c\", \"t\", \"z\", \"y\", \"x\"]",
                         .origin = "NumPy: transpose",
                         .knownAs = {"axes"}}}},
        {.op = "split-axis",
         .help = "Cuts one axis into two.",
         .knownAs = {"reshape"},
         .space = Space::Axes,
         .parameters = {{.key = "axis", .kind = Text, .help = "the axis to be cut"},
                        {.key = "into",
                         .kind = Names,
                         .help = "names of the two new axes; the second one runs faster",
                         .knownAs = {"names"}},
                        {.key = "size",
                         .kind = Integer,
                         .low = 1,
                         .help = "length of the second one; it must divide the axis",
                         .knownAs = {"length"}}}},
        {.op = "merge-axis",
         .help = "Makes one axis of two.",
         .knownAs = {"flatten"},
         .space = Space::Axes,
         .parameters = {{.key = "axes", .kind = Names, .help = "the two axes; the second one runs faster"},
                        {.key = "into",
                         .kind = Text,
                         .fallback = "the second one's name",
                         .help = "name of the new axis",
                         .knownAs = {"name"}}}},
    };
}

} // namespace lazulite::pipeline
