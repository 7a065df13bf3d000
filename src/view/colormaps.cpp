#include "lazulite/view/colormaps.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

namespace lazulite::view {

namespace {

struct Stop {
    double at;
    std::uint32_t colour; ///< 0xRRGGBB
};

Rgb rgbOf(std::uint32_t colour) {
    return {static_cast<std::uint8_t>(colour >> 16U), static_cast<std::uint8_t>(colour >> 8U),
            static_cast<std::uint8_t>(colour)};
}

/// Straight lines between stops.
Colormap fromStops(std::span<const Stop> stops) {
    Colormap map;
    for (std::size_t i = 0; i < map.size(); ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(map.size() - 1);
        const auto above = std::find_if(stops.begin() + 1, stops.end() - 1, [t](const Stop& s) { return s.at >= t; });
        const auto below = above - 1;
        const double part = std::clamp((t - below->at) / (above->at - below->at), 0.0, 1.0);
        const Rgb low = rgbOf(below->colour);
        const Rgb high = rgbOf(above->colour);
        for (std::size_t k = 0; k < 3; ++k) {
            map[i][k] = static_cast<std::uint8_t>(std::lround(low[k] + part * (high[k] - low[k])));
        }
    }
    return map;
}

Colormap evenly(std::span<const std::uint32_t> colours) {
    std::vector<Stop> stops;
    for (std::size_t i = 0; i < colours.size(); ++i) {
        stops.push_back({static_cast<double>(i) / static_cast<double>(colours.size() - 1), colours[i]});
    }
    return fromStops(stops);
}

Colormap blackTo(std::uint32_t colour) {
    return fromStops(std::array{Stop{0, 0}, Stop{1, colour}});
}

/// The degree-6 fits to matplotlib's maps by Matt Zucker (public domain), one polynomial a colour.
using Polynomials = std::array<std::array<double, 7>, 3>;

Colormap fromPolynomials(const Polynomials& polynomials) {
    Colormap map;
    for (std::size_t i = 0; i < map.size(); ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(map.size() - 1);
        for (std::size_t k = 0; k < 3; ++k) {
            double value = 0;
            for (auto c = polynomials[k].rbegin(); c != polynomials[k].rend(); ++c) value = value * t + *c;
            map[i][k] = static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255));
        }
    }
    return map;
}

constexpr Polynomials kViridis{
    {{0.2777273272, 0.1050930431, -0.3308618287, -4.6342304990, 6.2282699363, 4.7763849977, -5.4354558559},
     {0.0054073445, 1.4046135299, 0.2148475595, -5.7991009734, 14.1799333668, -13.7451453777, 4.6458526122},
     {0.3340998053, 1.3845901626, 0.0950951630, -19.3324409563, 56.6905526007, -65.3530326333, 26.3124352495}}};
constexpr Polynomials kMagma{
    {{-0.0021364851, 0.2516605407, 8.3537172793, -27.6687330858, 52.1761398123, -50.7685253647, 18.6557050659},
     {-0.0007496551, 0.6775232437, -3.5777195150, 14.2647307810, -27.9436060717, 29.0465828213, -11.4897735200},
     {-0.0053861279, 2.4940265993, 0.3144679030, -13.6492131881, 12.9441694424, 4.2341529938, -5.6019615087}}};
constexpr Polynomials kInferno{
    {{0.0002189404, 0.1065134195, 11.6024930825, -41.7039961314, 77.1629356994, -71.3194282450, 25.1311262248},
     {0.0016510046, 0.5639564368, -3.9728539657, 17.4363988821, -33.4023589421, 32.6260642640, -12.2426689524},
     {-0.0194808984, 3.9327123889, -15.9423941063, 44.3541451987, -81.8073092574, 73.2095198580, -23.0703250029}}};
constexpr Polynomials kPlasma{
    {{0.0587323439, 2.1765146342, -2.6894604765, 6.1303483459, -11.1074361906, 10.0230655765, -3.6587138428},
     {0.0233366709, 0.2383834171, -7.4558511357, 42.3461881477, -82.6663110943, 71.4136177010, -22.9315346546},
     {0.5433401827, 0.7539604600, 3.1107999397, -28.5188546533, 60.1398476742, -54.0721865556, 18.1919077854}}};

constexpr std::uint32_t kTurbo[] = {0x30123b, 0x4145ab, 0x4675ed, 0x39a2fc, 0x1bcfd4, 0x24eca6, 0x61fc6c, 0xa4fc3b,
                                    0xd1e834, 0xf3c63a, 0xfe9b2d, 0xf36315, 0xd93806, 0xb11901, 0x7a0402};
constexpr std::uint32_t kTwilight[] = {0xe2d9e2, 0x9ebbc9, 0x6785be, 0x5e43a5, 0x421257,
                                       0x471340, 0x8e2c50, 0xba6657, 0xceac94, 0xe2d9e2};
constexpr std::uint32_t kHsv[] = {0xff0000, 0xffff00, 0x00ff00, 0x00ffff, 0x0000ff, 0xff00ff, 0xff0000};
/// The control points of ImageJ's Fire and Ice, which start dark, as channels that are added to each other must.
constexpr std::uint32_t kFire[] = {0x000000, 0x00003d, 0x010060, 0x190082, 0x3100a5, 0x4900c0, 0x6200dc, 0x7a00e3,
                                   0x9200d2, 0xa200b5, 0xad0097, 0xb8007a, 0xc3005d, 0xcf0e40, 0xd92323, 0xe53905,
                                   0xf04f00, 0xfc6500, 0xff7500, 0xff8500, 0xff9300, 0xffa100, 0xffaf00, 0xffbe00,
                                   0xffcd00, 0xffdb00, 0xffea00, 0xfff823, 0xffff62, 0xffffa0, 0xffffdf, 0xffffff};
constexpr std::uint32_t kIce[] = {0x009c8c, 0x00a593, 0x00b09e, 0x00b8a6, 0x00beaa, 0x00c4b0, 0x13c1d1, 0x1db8dc,
                                  0x32abea, 0x30a2e1, 0x4f92ec, 0x707df6, 0x866bfa, 0x9e5dfb, 0xba51fa, 0xc957fa,
                                  0xd95cf5, 0xe561e6, 0xf25fe6, 0xfa5dde, 0xfa5dca, 0xfa5ab4, 0xfa55a3, 0xfb458e,
                                  0xfa407b, 0xfa3672, 0xfa2f6a, 0xfa235e, 0xfb1354, 0xfb0040, 0xf3041a, 0xe6001b};

Colormap hiLo() {
    Colormap map = blackTo(0xffffff);
    map.front() = {0, 0, 255};
    map.back() = {255, 0, 0};
    return map;
}

Colormap reversed(Colormap map) {
    std::reverse(map.begin(), map.end());
    return map;
}

const std::vector<std::pair<std::string, Colormap>>& table() {
    static const std::vector<std::pair<std::string, Colormap>> kTable{
        {"gray", blackTo(0xffffff)},
        {"gray_r", reversed(blackTo(0xffffff))},
        {"red", blackTo(0xff0000)},
        {"green", blackTo(0x00ff00)},
        {"blue", blackTo(0x0000ff)},
        {"cyan", blackTo(0x00ffff)},
        {"magenta", blackTo(0xff00ff)},
        {"yellow", blackTo(0xffff00)},
        {"viridis", fromPolynomials(kViridis)},
        {"magma", fromPolynomials(kMagma)},
        {"inferno", fromPolynomials(kInferno)},
        {"plasma", fromPolynomials(kPlasma)},
        {"hsv", evenly(kHsv)},
        {"turbo", evenly(kTurbo)},
        {"twilight", evenly(kTwilight)},
        {"fire", evenly(kFire)},
        {"ice", evenly(kIce)},
        {"bop blue", blackTo(0x20adf8)},
        {"bop orange", blackTo(0xf8ad20)},
        {"bop purple", blackTo(0x942094)},
        {"HiLo", hiLo()},
    };
    return kTable;
}

std::optional<std::uint32_t> parseHex(std::string_view name) {
    if (name.size() != 7 || name.front() != '#') return std::nullopt;
    std::uint32_t colour = 0;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), colour, 16);
    if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return colour;
}

} // namespace

const std::vector<std::string>& colormapNames() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const auto& [name, map] : table()) names.push_back(name);
        return names;
    }();
    return kNames;
}

std::optional<Colormap> findColormap(std::string_view name) {
    if (const auto colour = parseHex(name)) return blackTo(*colour);
    const auto& maps = table();
    const auto found = std::find_if(maps.begin(), maps.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == maps.end()) return std::nullopt;
    return found->second;
}

Colormap colormapOrGray(std::string_view name) {
    const auto map = findColormap(name);
    return map ? *map : table().front().second;
}

} // namespace lazulite::view
