# Run by raddle_embed() (rooms.cmake) at build time: writes OUTPUT/ROOM/embedded.{h,cpp} with the contents of FILES.

set(header "// Generated from the files of ${ROOM}.
#pragma once
#include <span>
#include <string_view>

namespace raddle::embedded::${NAME} {
struct File {
  std::string_view name;
  std::string_view text;
};
std::span<const File> files();
std::string_view file(std::string_view name);
}  // namespace raddle::embedded::${NAME}
")

set(source "#include \"${ROOM}/embedded.h\"

#include <stdexcept>
#include <string>

namespace raddle::embedded::${NAME} {
static constexpr File all[] = {
")
foreach(name IN LISTS FILES)
  file(READ "${SOURCE}/${name}" text)
  string(APPEND source "{\"${name}\", R\"__embedded__(${text})__embedded__\"},\n")
endforeach()
string(APPEND source "};

std::span<const File> files() { return all; }

std::string_view file(std::string_view name) {
  for (const File& f : all) {
    if (f.name == name) return f.text;
  }
  throw std::out_of_range(\"no embedded file \" + std::string(name));
}
}  // namespace raddle::embedded::${NAME}
")

file(WRITE "${OUTPUT}/${ROOM}/embedded.h" "${header}")
file(WRITE "${OUTPUT}/${ROOM}/embedded.cpp" "${source}")
