// Values for people: what a location held, short, and without running any of the program's code.
#pragma once
#include <string>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Like repr(), at most about 80 characters; objects of the program's classes are shown as <Class>.
std::string show_value(PyObject* value);

}  // namespace raddle::python
