#include "fixtures.h"

#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lazulite::test {

std::vector<Fixture> fixtures() {
    std::vector<Fixture> all;
    std::ifstream manifest(fixturePath("manifest.tsv"));
    for (std::string line; std::getline(manifest, line);) {
        std::istringstream fields(line);
        Fixture fixture;
        std::string dtype;
        fields >> fixture.file >> fixture.pages >> fixture.height >> fixture.width >> fixture.samples >> dtype >>
            fixture.formula >> fixture.tolerance >> fixture.level >> fixture.contiguous;
        fixture.dtype = dtypeFromName(dtype).value();
        all.push_back(fixture);
    }
    if (all.size() < 100) throw std::runtime_error("the manifest of fixtures is not there");
    return all;
}

std::string fixturePath(const std::string& file) {
    return std::string(LAZULITE_TIFF_DATA) + "/" + file;
}

namespace {

std::uint64_t halfBits(double value) {
    if (value == 0) return 0;
    int exponent = 0;
    const double fraction = std::frexp(std::abs(value), &exponent);
    const auto mantissa = static_cast<std::uint64_t>((fraction * 2 - 1) * 1024);
    return (value < 0 ? 0x8000U : 0U) | (static_cast<std::uint64_t>(exponent + 14) << 10U) | mantissa;
}

} // namespace

std::uint64_t expectedBits(const Fixture& fixture, std::int64_t page, std::int64_t y, std::int64_t x,
                           std::int64_t sample) {
    if (fixture.formula == "smooth") {
        return static_cast<std::uint64_t>(std::min<std::int64_t>(255, x * 3 + y * 2 + sample * 20 + page * 5));
    }
    const auto n = static_cast<std::uint64_t>(page * 131 + y * 17 + x * 5 + sample * 41 + (x * y) % 7);
    if (fixture.formula != "full" && fixture.formula != "half") {
        return n & ((std::uint64_t{1} << std::stoul(fixture.formula)) - 1);
    }
    const double value = static_cast<double>(n % 1024) * 0.25 - 64;
    switch (fixture.dtype) {
        case DType::Float16:
            return halfBits(value);
        case DType::Float32:
            return std::bit_cast<std::uint32_t>(static_cast<float>(value) + (fixture.formula == "full" ? 0x1p-12F : 0));
        case DType::Float64:
            return std::bit_cast<std::uint64_t>(value + 0x1p-30);
        default:
            break;
    }
    const std::size_t bits = 8 * bytesPer(fixture.dtype);
    return (n * 0x0101010101010101ULL) >> (64 - bits);
}

std::uint64_t bitsAt(const Block& block, const std::vector<std::int64_t>& position) {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < position.size(); ++i) {
        offset += (position[i] - block.region()[i].begin) * block.strides()[i];
    }
    std::uint64_t bits = 0;
    std::memcpy(&bits, block.data() + offset, bytesPer(block.dtype()));
    return bits;
}

Buffer::Buffer(DType dtype, const Region& region) {
    const auto bytes = static_cast<std::size_t>(region.elementCount()) * bytesPer(dtype);
    const auto array = std::make_shared<std::byte[]>(bytes + 1);
    memory = std::shared_ptr<std::byte>(array, array.get());
    std::memset(memory.get(), 0xA5, bytes + 1);
    destination = {memory.get(), dtype, region, rowMajorStrides(region.shape(), bytesPer(dtype))};
}

std::shared_ptr<io::TiffFile> openTiff(const std::string& path) {
    ReadCounts counts;
    return io::TiffFile::open(path, counts).valueOrThrow();
}

Block readBox(const io::TiffFile& file, std::int64_t page, const Region& region, int level) {
    const DType dtype = (level < 0 ? file.page(page) : file.subPage(page, level)).valueOrThrow().dtype;
    const Buffer buffer(dtype, region);
    ReadCounts counts;
    file.read(page, buffer.destination, {}, counts, level).orThrow();
    return buffer.block();
}

Block readPage(const io::TiffFile& file, std::int64_t page, int level) {
    const io::TiffPage layout = (level < 0 ? file.page(page) : file.subPage(page, level)).valueOrThrow();
    return readBox(file, page, Region::whole({layout.height, layout.width, layout.samples}), level);
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lazulite-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string bytesOfFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeFile(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

} // namespace lazulite::test
