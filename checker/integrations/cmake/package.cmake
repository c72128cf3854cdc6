# `cpack -G DEB` in the build folder makes raddle_<version>_<architecture>.deb, `cpack -G TGZ` an archive.
# Who makes a package is its maintainer. Debian's own tools take name and address from the same variables.
if(DEFINED ENV{DEBEMAIL} AND DEFINED ENV{DEBFULLNAME})
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
else()
  set(maintainer "raddle local build <nobody@localhost>")
endif()
set(RADDLE_MAINTAINER "${maintainer}" CACHE STRING "Maintainer that packages name: NAME <ADDRESS>")
if(NOT RADDLE_MAINTAINER MATCHES "^[^<>@]+ <[^<>@ ]+@[^<>@ ]+>$")
  message(FATAL_ERROR "RADDLE_MAINTAINER is '${RADDLE_MAINTAINER}', and has to be like 'Jo Doe <jo@example.org>'")
endif()
mark_as_advanced(RADDLE_MAINTAINER)

set(CPACK_PACKAGE_NAME raddle)
set(CPACK_PACKAGE_CONTACT "${RADDLE_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "deterministic interleaving model checker for threads")
set(CPACK_PACKAGE_DESCRIPTION "Raddle finds the bugs of multi-threaded programs that depend on who goes first.
It runs an ordinary threaded Python program, or a C++ function inside a test,
in every interleaving of its threads that could make a difference, and reports
lost updates, deadlocks, failed assertions and the like, each with a
step-by-step trace that replays exactly.
.
The package has the program raddle, the C++ library with its CMake package,
and a plugin for pytest.")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_THREADS 0)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "python3 (>= 3.11)")
# For the library, and the plugin for pytest.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libboost-context-dev)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, g++, python3-pytest")

# What only Debian's packages have.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_BINARY_DIR}/debian.cmake)
configure_file(cmake/debian.cmake.in debian.cmake @ONLY)
include(CPack)
