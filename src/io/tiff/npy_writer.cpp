#include "lazulite/io/npy_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "lazulite/core/error.h"
#include "tiff/dense_pieces.h"
#include "tiff/output_file.h"

namespace lazulite::io {

namespace {

std::string header(DType dtype, const Shape& shape) {
    constexpr std::size_t kAlignment = 64;
    constexpr std::size_t kBefore = 10; // magic, version, length
    std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                   numpyDescriptor(dtype), fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
    while ((kBefore + text.size() + 1) % kAlignment != 0) text.push_back(' ');
    text.push_back('\n');
    std::string whole("\x93NUMPY\x01\x00", 8);
    whole.push_back(static_cast<char>(text.size() & 0xFFU));
    whole.push_back(static_cast<char>(text.size() >> 8U));
    return whole + text;
}

} // namespace

struct NpyWriter::State {
    DType dtype;
    std::int64_t missing; ///< elements still to come
    std::optional<OutputFile> file;
    std::FILE* stream = nullptr;

    void write(const void* data, std::size_t size) {
        if (file) {
            file->append(data, size);
        } else if (std::fwrite(data, 1, size, stream) != size) {
            throw Failure(Error{
                Error::Kind::Unreadable, fmt::format("cannot write the array: {}", std::strerror(errno)), {}, {}});
        }
    }
};

NpyWriter::NpyWriter(const std::string& path, DType dtype, Shape shape) : state_(std::make_unique<State>()) {
    state_->dtype = dtype;
    state_->missing = elementCount(shape);
    state_->file.emplace(path);
    const std::string text = header(dtype, shape);
    state_->write(text.data(), text.size());
}

NpyWriter::NpyWriter(std::FILE* stream, DType dtype, Shape shape) : state_(std::make_unique<State>()) {
    state_->dtype = dtype;
    state_->missing = elementCount(shape);
    state_->stream = stream;
    const std::string text = header(dtype, shape);
    state_->write(text.data(), text.size());
}

NpyWriter::~NpyWriter() = default;

void NpyWriter::append(const Block& block) {
    if (block.dtype() != state_->dtype || block.region().elementCount() > state_->missing) {
        throw Failure(fmt::format("a block of {} elements of {} does not fit the array, which lacks {} of {}",
                                  block.region().elementCount(), toString(block.dtype()), state_->missing,
                                  toString(state_->dtype)));
    }
    forEachDensePiece(block, [&](const std::byte* data, std::size_t bytes) { state_->write(data, bytes); });
    state_->missing -= block.region().elementCount();
}

void NpyWriter::finish() {
    if (state_->missing > 0) throw Failure(fmt::format("{} elements of the array were not given", state_->missing));
    if (state_->file) {
        state_->file->finish();
    } else if (std::fflush(state_->stream) != 0) {
        throw Failure(
            Error{Error::Kind::Unreadable, fmt::format("cannot write the array: {}", std::strerror(errno)), {}, {}});
    }
}

} // namespace lazulite::io
