#include "checker/python/model.h"

#include <unistd.h>

#include <filesystem>

#include "checker/engine/error.h"
#include "checker/python/accesses.h"
#include "checker/python/allocator.h"
#include "checker/python/containers.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/interpreter.h"
#include "checker/python/interrupt.h"
#include "checker/python/labels.h"
#include "checker/python/locations.h"
#include "checker/python/output.h"
#include "checker/python/program.h"
#include "checker/python/runtime.h"
#include "checker/python/sites.h"
#include "checker/python/thread_objects.h"
#include "checker/python/threads.h"
#include "checker/python/uncontrolled.h"

namespace raddle::python {

struct PythonModel::Implementation {
  PythonOptions options;
  UserProgram program;
  int exit_status = 0;
  PyObject* unraisable_hook = nullptr;  // the model's, while threads are torn down
};

namespace {

bool model_exists = false;

}  // namespace

PythonModel::PythonModel(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {
  model_exists = true;
}

PythonModel::~PythonModel() { model_exists = false; }

// --- executions

void PythonModel::begin(engine::Engine& engine) {
  if (engine.executions() == 0) begin_search();
  ++runtime.execution;
  set_concurrent(false);
  reset_labels();
  clear_output();
  forget_forced_exit();
  implementation_->exit_status = 0;
  limit_memory(implementation_->options.memory_limit);
  reset_thread_objects();
  reset_random();
  prepare_interrupt();
  Ref done = Ref::take(PyObject_CallMethod(library_module("reset"), "reset", nullptr));
  if (!done || reset_streams() < 0) throw engine::UserError("cannot reset the interpreter: " + take_error());
}

void PythonModel::main(engine::Engine& engine) {
  runtime.engine = &engine;
  PythonThread& me = bind_thread(engine.self());
  go_on(me);
  implementation_->exit_status = run_program(implementation_->program);
  finish_thread(me);
}

void PythonModel::tear_down(engine::Engine& engine, engine::Thread& thread) {
  make_current(runtime.host);
  if (!implementation_->unraisable_hook) {
    // Destructors still run; what goes wrong in them is nobody's business.
    implementation_->unraisable_hook = Py_XNewRef(PySys_GetObject("unraisablehook"));
    PySys_SetObject("unraisablehook", Py_None);
  }
  tear_down_thread(engine, thread);
}

void PythonModel::killed(engine::Engine&) {}

void PythonModel::end(engine::Engine&) {
  make_current(runtime.host);
  runtime.engine = nullptr;
  release_threads();
  if (implementation_->unraisable_hook) {
    PySys_SetObject("unraisablehook", implementation_->unraisable_hook);
    Py_CLEAR(implementation_->unraisable_hook);
  }
  Ref done = Ref::take(PyObject_CallMethod(library_module("importer"), "forget", nullptr));
  if (!done) PyErr_Clear();
  raddle_forget_atexit(runtime.interpreter, 0);
  PyGC_Collect();
}

std::size_t PythonModel::stack_size() const { return std::size_t{2} << 20; }

// --- results

const std::string& PythonModel::output() const { return python::output.text; }
const std::vector<OutputPiece>& PythonModel::output_pieces() const { return python::output.pieces; }

int PythonModel::exit_status() const {
  return forced_exit_status() >= 0 ? forced_exit_status() : implementation_->exit_status;
}

const std::vector<Uncontrolled>& PythonModel::uncontrolled() const { return all_uncontrolled(); }

std::string PythonModel::visibility() const { return python::visibility(); }
void PythonModel::set_visibility(std::string_view text) { python::set_visibility(text); }

std::string PythonModel::program_hash() const { return ""; }
std::string PythonModel::source_line(std::string_view, int) const { return ""; }
std::vector<std::string> PythonModel::source_files() const { return {}; }
bool PythonModel::interrupt() { return request_interrupt(); }

// --- loading

std::unique_ptr<PythonModel> load(const PythonOptions& options) {
  if (model_exists) throw engine::UserError("only one Python model can be loaded at a time");
  start_interpreter();
  make_current(runtime.host);
  auto implementation = std::make_unique<PythonModel::Implementation>();
  implementation->options = options;
  Ref arguments = Ref::take(PyList_New(0)), instrument = Ref::take(PyList_New(0));
  for (const std::string& text : options.arguments)
    PyList_Append(arguments.get(), Ref::take(PyUnicode_DecodeFSDefault(text.c_str())).get());
  for (const std::string& text : options.instrument)
    PyList_Append(instrument.get(), Ref::take(PyUnicode_FromString(text.c_str())).get());
  Ref model = Ref::take(PyUnicode_DecodeFSDefault(options.model.c_str()));
  Ref found = Ref::take(PyObject_CallMethod(library_module("program"), "prepare", "OOOO", model.get(),
                                            options.as_module ? Py_True : Py_False, arguments.get(),
                                            instrument.get()));
  if (!found) {
    Ref bad_input = Ref::take(PyObject_GetAttrString(library_module("program"), "BadInput"));
    if (!PyErr_ExceptionMatches(bad_input.get())) throw engine::UserError(take_error());
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    Ref text = Ref::take(PyObject_Str(value));
    Py_XDECREF(type), Py_XDECREF(value), Py_XDECREF(traceback);
    throw engine::UserError(PyUnicode_AsUTF8(text.get()));
  }
  implementation->program = {Ref::share(PyTuple_GET_ITEM(found.get(), 0)),
                             Ref::share(PyTuple_GET_ITEM(found.get(), 1)),
                             Ref::share(PyTuple_GET_ITEM(found.get(), 2))};
  Ref name = Ref::take(PyUnicode_InternFromString("__main__"));
  Ref added =
      Ref::take(PyObject_CallMethod(PyImport_AddModule("_raddle"), "add_user_module", "O", name.get()));
  Ref os_file = Ref::take(PyObject_GetAttrString(library_module("importer"), "stdlib"));
  const std::filesystem::path path = PyUnicode_AsUTF8(implementation->program.path.get());
  set_folders(options.as_module ? std::filesystem::current_path().string() : path.parent_path().string(),
              PyUnicode_AsUTF8(os_file.get()));
  set_standard_input(options.standard_input);
  library_module("reset");
  all_uncontrolled().clear();
  forget_locations();
  forget_containers();
  static Accesses accesses;
  set_sink(&accesses);
  PyGC_Collect();
  Ref gc = Ref::take(PyImport_ImportModule("gc"));
  Ref frozen = gc ? Ref::take(PyObject_CallMethod(gc.get(), "freeze", nullptr)) : Ref();
  if (PyErr_Occurred()) throw engine::UserError(take_error());
  return std::unique_ptr<PythonModel>(new PythonModel(std::move(implementation)));
}

}  // namespace raddle::python
