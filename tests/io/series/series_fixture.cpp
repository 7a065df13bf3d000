#include "io/series/series_fixture.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "lazulite/io/tiff_writer.h"

namespace lazulite::io::test {

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lazulite-series-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
}

void Folder::writeStack(const std::string& name, std::int64_t pages, std::uint16_t start) const {
    writeDescribed(name, pages, {}, start);
}

void Folder::writeDescribed(const std::string& name, std::int64_t pages, const std::string& description,
                            std::uint16_t start) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    TiffWriteOptions options;
    options.height = kHeight;
    options.width = kWidth;
    options.dtype = DType::UInt16;
    options.description = description;
    TiffWriter writer(path(name), options);
    const Region region = Region::whole({pages, kHeight, kWidth});
    const auto count = static_cast<std::size_t>(region.elementCount());
    auto elements = std::make_shared<std::vector<std::uint16_t>>(count);
    for (std::size_t i = 0; i < count; ++i) (*elements)[i] = static_cast<std::uint16_t>(start + i);
    const std::shared_ptr<const std::byte> bytes(elements, reinterpret_cast<const std::byte*>(elements->data()));
    writer.append(Block(bytes, DType::UInt16, region));
    writer.finish();
}

std::shared_ptr<const FileSeries> open(const std::string& path, const SeriesOptions& options) {
    ReadCounts counts;
    return FileSeries::open({path}, options, counts);
}

std::string sizes(const Axes& axes) {
    std::string text;
    for (const Axis& axis : axes) text += fmt::format("{}{}={}", text.empty() ? "" : " ", axis.name, axis.size);
    return text;
}

namespace {

struct Memory {
    explicit Memory(const Source& source, const Region& region)
        : bytes(std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(region.elementCount()) *
                                                         bytesPer(source.dtype()))) {
        destination = {bytes->data(), source.dtype(), region,
                       rowMajorStrides(region.shape(), bytesPer(source.dtype()))};
    }
    std::shared_ptr<std::vector<std::byte>> bytes;
    Destination destination;
};

} // namespace

std::vector<double> values(const Source& source, const Region& region, ReadCounts* counts) {
    const Memory memory(source, region);
    ReadCounts own;
    source.read(memory.destination, {}, counts != nullptr ? *counts : own).orThrow();
    std::vector<double> numbers;
    visitType(source.dtype(), [&]<typename T>(std::type_identity<T>) {
        const auto* elements = reinterpret_cast<const T*>(memory.bytes->data());
        for (std::int64_t i = 0; i < region.elementCount(); ++i) numbers.push_back(static_cast<double>(elements[i]));
    });
    return numbers;
}

Error errorOf(const Source& source, const Region& region) {
    const Memory memory(source, region);
    ReadCounts counts;
    const auto result = source.read(memory.destination, {}, counts);
    if (result) {
        ADD_FAILURE() << "the region " << region.toString() << " can be read";
        return {};
    }
    return result.error();
}

std::vector<double> counting(std::size_t count, std::size_t modulus) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < count; ++i) numbers.push_back(static_cast<double>(i % modulus));
    return numbers;
}

Region wholeOf(const Source& source) {
    return Region::whole(shapeOf(source.axes()));
}

} // namespace lazulite::io::test
