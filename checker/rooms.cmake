# How a room is built. Every folder of sources is a room, and every room is one static library `raddle_<name>`:
#
#   raddle_room(explore LINK raddle_detect raddle_engine)
#
# takes every .cpp and .c file in the calling folder and below it; new files are picked up by the next build. A room
# without sources yet becomes a header-only library, so that the others can already name it.
#
#   LINK ...      rooms and libraries it uses; whoever uses the room gets them too
#   EXCLUDE ...   regular expressions of paths, relative to the room, that do not belong to the library
#   RELAXED       fewer warnings: for rooms that deal in C structures and macros of others

set(Boost_USE_STATIC_LIBS ON)
find_package(Boost 1.74 QUIET COMPONENTS context)
if(NOT Boost_CONTEXT_FOUND)
  message(FATAL_ERROR "Boost.Context not found. `checker/setup` installs all that raddle needs.")
endif()

add_library(raddle_warnings INTERFACE)
add_library(raddle_warnings_relaxed INTERFACE)
target_compile_options(raddle_warnings_relaxed INTERFACE -Wall -Wextra -Wno-missing-field-initializers
  $<$<BOOL:${RADDLE_WERROR}>:-Werror>
  # g++ 12 invents these for ordinary std::string and std::vector code (GCC bugs 105329, 105562, 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${RADDLE_WERROR}>>:-Wno-error=maybe-uninitialized
    -Wno-error=array-bounds -Wno-error=stringop-overflow -Wno-error=stringop-overread>)
target_link_libraries(raddle_warnings INTERFACE raddle_warnings_relaxed)
target_compile_options(raddle_warnings INTERFACE -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)

function(raddle_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "RELAXED" "" "LINK;EXCLUDE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp *.c)
  foreach(pattern IN LISTS room_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${pattern}")
  endforeach()
  set(target raddle_${name})
  if(sources)
    set(scope PUBLIC)
    add_library(${target} STATIC ${sources})
    if(room_RELAXED)
      raddle_compile(${target} raddle_warnings_relaxed)
    else()
      raddle_compile(${target} raddle_warnings)
    endif()
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} ${scope} ${room_LINK})
endfunction()

# Flags of everything that we compile ourselves. Symbols are hidden, so that what raddle loads at run time (models,
# Python extension modules) cannot bind to them by accident.
function(raddle_compile target warnings)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    C_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${warnings}>)
  target_compile_definitions(${target} PRIVATE RADDLE_VERSION="${PROJECT_VERSION}")
endfunction()

# raddle_embed(python *.py lib/*.py) compiles the files of the calling folder that match into raddle_python. The room's
# sources then have a header "checker/python/embedded.h" (the room's own path) with
#
#   namespace raddle::embedded::python {
#   std::span<const File> files();               // File: std::string_view name (path below the room), text
#   std::string_view file(std::string_view name);  // throws std::out_of_range
#   }
#
# Nothing happens as long as no file matches, or the room has no sources.
function(raddle_embed name)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} ${ARGN})
  get_target_property(type raddle_${name} TYPE)
  if(NOT files OR type STREQUAL INTERFACE_LIBRARY)
    return()
  endif()
  set(script ${PROJECT_SOURCE_DIR}/checker/embed.cmake)
  file(RELATIVE_PATH room ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(folder ${PROJECT_BINARY_DIR}/embedded)
  list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  add_custom_command(
    OUTPUT ${folder}/${room}/embedded.cpp ${folder}/${room}/embedded.h
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DROOM=${room} -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR} -DOUTPUT=${folder}
            "-DFILES=${files}" -P ${script}
    DEPENDS ${paths} ${script}
    COMMENT "Embedding files of ${room}"
    VERBATIM)
  target_sources(raddle_${name} PRIVATE ${folder}/${room}/embedded.cpp ${folder}/${room}/embedded.h)
  target_include_directories(raddle_${name} PRIVATE ${folder})
endfunction()
