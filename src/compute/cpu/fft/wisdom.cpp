#include "wisdom.h"

#include <fftw3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

namespace lazulite::compute::cpu {

namespace fs = std::filesystem;

std::string wisdomFile() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    fs::path folder;
    if (cache != nullptr && fs::path(cache).is_absolute()) {
        folder = cache;
    } else if (const char* home = std::getenv("HOME"); home != nullptr && fs::path(home).is_absolute()) {
        folder = fs::path(home) / ".cache";
    } else {
        return {};
    }
    return (folder / "lazulite" / "fftwf-wisdom").string();
}

void loadWisdom(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return;
    std::ostringstream text;
    text << file.rdbuf();
    fftwf_import_wisdom_from_string(text.str().c_str());
}

void saveWisdom(const std::string& path) {
    if (path.empty()) return;
    struct Free {
        void operator()(char* text) const { std::free(text); }
    };
    const std::unique_ptr<char, Free> text(fftwf_export_wisdom_to_string());
    if (!text) return;
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    const std::string beside = path + "." + std::to_string(::getpid());
    {
        std::ofstream file(beside, std::ios::binary | std::ios::trunc);
        file << text.get();
        file.close();
        if (!file) {
            fs::remove(beside, error);
            return;
        }
    }
    fs::rename(beside, path, error);
    if (error) fs::remove(beside, error);
}

} // namespace lazulite::compute::cpu
