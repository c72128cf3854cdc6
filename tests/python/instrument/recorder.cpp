#include "recorder.h"

#include <doctest/doctest.h>

namespace raddle::python::test {
namespace {

std::string take_exception() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (!type) return {};
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback) PyException_SetTraceback(value, traceback);
  Ref module = Ref::take(PyImport_ImportModule("traceback"));
  Ref lines = Ref::take(PyObject_CallMethod(module.get(), "format_exception", "O", value));
  Ref empty = Ref::take(PyUnicode_FromString(""));
  Ref text = Ref::take(PyUnicode_Join(empty.get(), lines.get()));
  std::string out = PyUnicode_AsUTF8(text.get());
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(traceback);
  return out;
}

/// Makes the source known to `traceback`, which shows its lines and carets.
void remember_source(const std::string& source) {
  Ref module = Ref::take(PyImport_ImportModule("linecache"));
  Ref cache = Ref::take(PyObject_GetAttrString(module.get(), "cache"));
  Ref text = Ref::take(PyUnicode_FromString(source.c_str()));
  Ref lines = Ref::take(PyUnicode_Splitlines(text.get(), 1));
  Ref entry = Ref::take(
      Py_BuildValue("nOOs", static_cast<Py_ssize_t>(source.size()), Py_None, lines.get(), "model.py"));
  PyDict_SetItemString(cache.get(), "model.py", entry.get());
}

std::string run_code(Ref code, PyObject* globals, Recorder* recorder) {
  if (!code) return take_exception();
  set_sink(recorder);
  Ref result = Ref::take(PyEval_EvalCode(code.get(), globals, globals));
  set_sink(nullptr);
  return result ? std::string() : take_exception();
}

Ref compile(const std::string& source) {
  remember_source(source);
  return Ref::take(Py_CompileString(source.c_str(), "model.py", Py_file_input));
}

std::string value_text(PyObject* value) {
  if (!value) return "-";
  Ref text = Ref::take(PyObject_Repr(value));
  if (text) return PyUnicode_AsUTF8(text.get());
  PyErr_Clear();  // at the end of the stack
  return "?";
}

}  // namespace

void start_python() {
  if (Py_IsInitialized()) return;
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.site_import = 0;
  config.write_bytecode = 0;
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  PyConfig_SetBytesString(&config, &config.program_name, "/usr/bin/python3");
  PyStatus status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) FAIL("Python does not start: ", status.err_msg);
}

int Recorder::access(const Access& access) {
  std::string line;
  for (std::size_t i = 0; i < access.places.size(); ++i) {
    if (i > 0) line += " + ";
    Mode mode = access.places[i].mode;
    line += mode == Mode::read ? "R " : mode == Mode::write ? "W " : "U ";
    line += describe(access, i);
  }
  std::string label = access.label;
  if (label != "read" && label != "write") line += " " + label;
  accesses.push_back(line);
  set_sink(nullptr);  // repr() may run instrumented code
  values.push_back(value_text(peek(access)) + " " + value_text(access.value));
  set_sink(this);
  CHECK(!PyErr_Occurred());
  if (fail_at != static_cast<int>(accesses.size()) - 1) return 0;
  PyErr_SetString(PyExc_RuntimeError, "stop here");
  return -1;
}

void Recorder::call(PyObject*, PyObject* const* arguments, std::size_t count) {
  std::string line;
  for (std::size_t i = 0; i < count; ++i)
    line += (i ? " " : "") + std::string(Py_TYPE(arguments[i])->tp_name);
  calls.push_back(line);
}

void Recorder::publish(PyObject* value) { published.emplace_back(Py_TYPE(value)->tp_name); }

void Recorder::alias(PyObject* dict, PyObject*) {
  CHECK(PyDict_Check(dict));
  ++aliases;
}

Ref globals_after(const std::string& setup) {
  start_python();
  Ref globals = Ref::take(PyDict_New());
  Ref name = Ref::take(PyUnicode_FromString("model"));
  PyDict_SetItemString(globals.get(), "__builtins__", PyEval_GetBuiltins());
  PyDict_SetItemString(globals.get(), "__name__", name.get());
  CHECK(run_plain(setup, globals.get()) == "");
  return globals;
}

std::string run(const std::string& source, PyObject* globals, Recorder* recorder, const Options& options) {
  start_python();
  Ref code = compile(source);
  if (code) code = Ref::take(instrument(code.get(), options));
  return run_code(std::move(code), globals, recorder);
}

std::string run_plain(const std::string& source, PyObject* globals) {
  start_python();
  return run_code(compile(source), globals, nullptr);
}

std::string accesses_of(const std::string& statement, const std::string& setup) {
  Ref globals = globals_after(setup);
  std::string parameters, body = "def body(", indented;
  PyObject *key, *value;
  for (Py_ssize_t at = 0; PyDict_Next(globals.get(), &at, &key, &value);) {
    std::string name = PyUnicode_AsUTF8(key);
    if (name.starts_with("__")) continue;
    parameters += name + ", ";
  }
  for (char c : statement) {
    indented += c;
    if (c == '\n') indented += "    ";
  }
  body += parameters + "):\n    " + indented + "\n";
  CHECK(run(body, globals.get(), nullptr) == "");
  Recorder recorder;
  // The call itself is not instrumented.
  Ref code = compile("body(" + parameters + ")");
  std::string failure = run_code(std::move(code), globals.get(), &recorder);
  std::string out = joined(recorder.accesses);
  if (!failure.empty()) {
    failure.pop_back();
    out += " !" + failure.substr(failure.rfind('\n') + 1);
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out;
}

std::string text_of(PyObject* globals, const char* name) {
  PyObject* value = PyDict_GetItemString(globals, name);
  if (!value) return "-";
  Ref text = Ref::take(PyObject_Str(value));
  return PyUnicode_AsUTF8(text.get());
}

}  // namespace raddle::python::test
