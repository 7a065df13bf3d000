#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "lazulite/core/axis.h"
#include "lazulite/core/block.h"
#include "lazulite/core/dtype.h"

namespace lazulite::io {

/// Writes an array as NumPy's .npy (version 1.0, C order, little-endian), piece by piece, to a file or a stream.
class NpyWriter {
public:
    /// A file, which gets its name in finish() as TiffWriter's does. Throws Failure: no such folder, no permission, no
    /// room.
    NpyWriter(const std::string& path, DType dtype, Shape shape);
    /// An open stream such as stdout, which stays open. Throws Failure where it takes nothing more.
    NpyWriter(std::FILE* stream, DType dtype, Shape shape);
    NpyWriter(const NpyWriter&) = delete;
    NpyWriter& operator=(const NpyWriter&) = delete;
    ~NpyWriter();

    /// Appends the block's elements in row-major order. Throws Failure: another type, more elements than the shape has
    /// (BadArgument), no room.
    void append(const Block& block);

    /// Throws Failure: fewer elements than the shape has (BadArgument), no room.
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lazulite::io
