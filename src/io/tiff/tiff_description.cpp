#include "lazulite/io/tiff_description.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>

namespace lazulite::io {

namespace {

/// OME's name of an element type, nullptr where it has none.
const char* omeType(DType dtype) {
    switch (dtype) {
        case DType::UInt8:
            return "uint8";
        case DType::UInt16:
            return "uint16";
        case DType::UInt32:
            return "uint32";
        case DType::Int8:
            return "int8";
        case DType::Int16:
            return "int16";
        case DType::Int32:
            return "int32";
        case DType::Float32:
            return "float";
        case DType::Float64:
            return "double";
        default:
            return nullptr;
    }
}

void setLength(pugi::xml_node& pixels, const char* name, double micrometres) {
    if (micrometres > 0) pixels.append_attribute(name).set_value(fmt::format("{}", micrometres).c_str());
}

} // namespace

bool imageJKnows(DType dtype) {
    return dtype == DType::UInt8 || dtype == DType::UInt16 || dtype == DType::Float32;
}

std::string imageJDescription(const ImageJStack& stack) {
    std::string text = fmt::format("ImageJ=1.54f\nimages={}\n", stack.channels * stack.slices * stack.frames);
    if (stack.channels > 1) text += fmt::format("channels={}\n", stack.channels);
    if (stack.slices > 1) text += fmt::format("slices={}\n", stack.slices);
    if (stack.frames > 1) text += fmt::format("frames={}\n", stack.frames);
    text += "hyperstack=true\n";
    text += stack.channels > 1 ? "mode=composite\n" : "mode=grayscale\n";
    if (!stack.unit.empty()) text += fmt::format("unit={}\n", stack.unit == "um" ? "micron" : stack.unit);
    if (stack.spacing > 0) text += fmt::format("spacing={}\n", stack.spacing);
    if (stack.interval > 0) text += fmt::format("finterval={}\n", stack.interval);
    text += "loop=false\n";
    if (stack.displayMin != 0 || stack.displayMax != 0) {
        text += fmt::format("min={}\nmax={}\n", stack.displayMin, stack.displayMax);
    }
    for (const auto& [key, value] : stack.notes) text += fmt::format("{}={}\n", key, value);
    return text;
}

bool omeKnows(DType dtype) {
    return omeType(dtype) != nullptr;
}

std::string omeDescription(const OmeStack& stack) {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    pugi::xml_node ome = document.append_child("OME");
    ome.append_attribute("xmlns") = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    ome.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
    ome.append_attribute("xsi:schemaLocation") =
        "http://www.openmicroscopy.org/Schemas/OME/2016-06 http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd";
    ome.append_attribute("Creator") = "Lazulite";

    pugi::xml_node image = ome.append_child("Image");
    image.append_attribute("ID") = "Image:0";
    if (!stack.name.empty()) image.append_attribute("Name") = stack.name.c_str();
    pugi::xml_node pixels = image.append_child("Pixels");
    pixels.append_attribute("ID") = "Pixels:0";
    pixels.append_attribute("DimensionOrder") = "XYCZT";
    pixels.append_attribute("Type") = omeType(stack.dtype);
    for (const auto& [name, size] : {std::pair{"SizeX", stack.width},
                                     {"SizeY", stack.height},
                                     {"SizeC", stack.samples},
                                     {"SizeZ", stack.slices},
                                     {"SizeT", std::int64_t{1}}}) {
        pixels.append_attribute(name) = static_cast<long long>(size);
    }
    setLength(pixels, "PhysicalSizeX", stack.voxelX); // um is OME's own unit
    setLength(pixels, "PhysicalSizeY", stack.voxelY);
    setLength(pixels, "PhysicalSizeZ", stack.voxelZ);
    setLength(pixels, "TimeIncrement", stack.interval); // and s
    pugi::xml_node channel = pixels.append_child("Channel");
    channel.append_attribute("ID") = "Channel:0:0";
    if (!stack.channel.empty()) channel.append_attribute("Name") = stack.channel.c_str();
    channel.append_attribute("SamplesPerPixel") = static_cast<long long>(stack.samples);
    pugi::xml_node data = pixels.append_child("TiffData");
    data.append_attribute("IFD") = 0;
    data.append_attribute("PlaneCount") = static_cast<long long>(stack.slices);
    if (stack.time >= 0) {
        pugi::xml_node plane = pixels.append_child("Plane");
        for (const char* name : {"TheC", "TheZ", "TheT"}) plane.append_attribute(name) = 0;
        plane.append_attribute("DeltaT").set_value(fmt::format("{}", stack.time).c_str());
    }

    if (!stack.notes.empty()) {
        image.append_child("AnnotationRef").append_attribute("ID") = "Annotation:0";
        pugi::xml_node annotation = ome.append_child("StructuredAnnotations").append_child("MapAnnotation");
        annotation.append_attribute("ID") = "Annotation:0";
        annotation.append_attribute("Namespace") = "lazulite";
        pugi::xml_node values = annotation.append_child("Value");
        for (const auto& [key, value] : stack.notes) {
            pugi::xml_node entry = values.append_child("M");
            entry.append_attribute("K") = key.c_str();
            entry.text() = value.c_str();
        }
    }
    std::ostringstream text;
    document.save(text, "", pugi::format_raw);
    return text.str();
}

std::string shapedDescription(const std::vector<std::int64_t>& shape, const TiffNotes& notes) {
    nlohmann::ordered_json root{{"shape", shape}};
    for (const auto& [key, value] : notes) root[key] = value;
    return root.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace lazulite::io
