#include "checker/python/model.h"

#include <algorithm>
#include <string_view>

#include "checker/engine/error.h"
#include "checker/engine/kept_text.h"
#include "checker/python/accesses.h"
#include "checker/python/allocator.h"
#include "checker/python/aside.h"
#include "checker/python/atomic_blocks.h"
#include "checker/python/containers.h"
#include "checker/python/debugger.h"
#include "checker/python/futures.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/interpreter.h"
#include "checker/python/interrupt.h"
#include "checker/python/invariants.h"
#include "checker/python/labels.h"
#include "checker/python/local_state.h"
#include "checker/python/locations.h"
#include "checker/python/output.h"
#include "checker/python/outside.h"
#include "checker/python/program.h"
#include "checker/python/raddle_module.h"
#include "checker/python/reset.h"
#include "checker/python/runtime.h"
#include "checker/python/sites.h"
#include "checker/python/sources.h"
#include "checker/python/standard_input.h"
#include "checker/python/strings.h"
#include "checker/python/thread_objects.h"
#include "checker/python/threads.h"
#include "checker/python/uncontrolled.h"
#include "checker/python/user_code.h"
#include "checker/python/warm_up.h"

namespace raddle::python {

struct PythonModel::Implementation {
  PythonOptions options;
  UserProgram program;
  PyObject* loaded =
      PyObject_GetAttrString(library_module("importer"), "loaded");  // list: the user's modules
  std::string hash;
  int exit_status = 0;
  PyObject* unraisable_hook = nullptr;  // the model's, while threads are torn down
};

namespace {

bool model_exists = false;

constexpr int kYoung = 48;

}  // namespace

PythonModel::PythonModel(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {
  model_exists = true;
}

PythonModel::~PythonModel() { model_exists = false; }

// --- executions

void PythonModel::begin(engine::Engine& engine) {
  if (engine.executions() == 0) begin_search();
  tell_watched(engine);
  engine.set_gluing(runtime.gil);
  ++runtime.execution;
  set_concurrent(false);
  set_watching(!engine.loops().empty());
  reset_labels();
  clear_output();
  begin_containers();
  forget_atomic_blocks();
  forget_forced_exit();
  implementation_->exit_status = 0;
  limit_memory(implementation_->options.memory_limit);
  reset_thread_objects();
  reset_random();
  prepare_interrupt();
  refuse_user_code(true);  // what goes now belongs to the execution before
  restore_snapshot();
  refuse_user_code(false);
  if (reset_streams() < 0) throw engine::UserError("cannot reset the interpreter: " + take_error());
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
    // Destructors fail, and that is nobody's business.
    static PyMethodDef ignore = {"ignore", [](PyObject*, PyObject*) { return Py_NewRef(Py_None); }, METH_O,
                                 nullptr};
    static PyObject* hook = PyCFunction_New(&ignore, nullptr);
    implementation_->unraisable_hook = Py_XNewRef(PySys_GetObject("unraisablehook"));
    PySys_SetObject("unraisablehook", hook);
    refuse_user_code(true);
  }
  tear_down_thread(engine, thread);
}

void PythonModel::killed(engine::Engine&) {}

engine::Site PythonModel::crashed(engine::Engine&, engine::Thread& thread) {
  crashed_while_warming_up();
  const auto* crashed = static_cast<const PythonThread*>(thread.front_end);
  const engine::Site site = crashed ? current_site(crashed->state) : engine::Site();
  abandon_threads();
  return site;
}

void PythonModel::watched_change(engine::Engine&) { check_invariants(); }

void PythonModel::end(engine::Engine&) {
  make_current(runtime.host);
  if (foreign_threads_seen()) python::uncontrolled("a thread of C code that calls Python");
  runtime.engine = nullptr;
  refuse_user_code(true);
  release_threads();
  forget_final_functions();
  forget_invariants();
  forget_futures();
  if (PyList_GET_SIZE(implementation_->loaded) > 0) {
    Ref done = Ref::take(PyObject_CallMethod(library_module("importer"), "forget", nullptr));
    if (!done) PyErr_Clear();
  }
  raddle_forget_atexit(runtime.interpreter, 0);
  // A few objects are left by every execution, until the next one begins. Collecting costs as much as a small execution.
  if (raddle_young_objects(runtime.interpreter, kYoung) == kYoung) raddle_collect_garbage();
  refuse_user_code(false);
  if (implementation_->unraisable_hook) {
    PySys_SetObject("unraisablehook", implementation_->unraisable_hook);
    Py_CLEAR(implementation_->unraisable_hook);
  }
}

std::size_t PythonModel::stack_size() const { return std::size_t{2} << 20; }

std::uint64_t PythonModel::local_state(engine::Engine&, engine::Thread&) { return python::local_state(); }

// --- results

std::string_view PythonModel::output() const { return python::output.text; }
const std::vector<OutputPiece>& PythonModel::output_pieces() const { return python::output.pieces; }

int PythonModel::exit_status() const {
  return forced_exit_status() >= 0 ? forced_exit_status() : implementation_->exit_status;
}

bool PythonModel::waits_for_input() const { return is_reading_input(); }

void PythonModel::prepare_debugger(std::function<void(const std::string&)> leave) {
  python::prepare_debugger(std::move(leave));
}
void PythonModel::stop_in_debugger() { python::stop_in_debugger(); }

const std::vector<Uncontrolled>& PythonModel::uncontrolled() const { return all_uncontrolled(); }

void PythonModel::save(engine::WireWriter& out) const {
  out.number(all_uncontrolled().size());
  for (const Uncontrolled& u : all_uncontrolled()) {
    out.text(u.what);
    out.text(u.site.file ? u.site.file : "");
    out.number(static_cast<std::uint64_t>(u.site.line));
  }
}

void PythonModel::merge(engine::WireReader& in) {
  for (std::size_t n = in.count(); n; --n) {
    Uncontrolled u;
    u.what = in.text();
    const auto same = [&](const Uncontrolled& x) {
      return x.what == u.what && x.site.line == u.site.line &&
             std::string_view(x.site.file ? x.site.file : "") == u.site.file;
    };
    u.site.file = engine::kept_text(in.text());
    u.site.line = static_cast<std::int32_t>(in.number());
    auto& all = all_uncontrolled();
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(u));
  }
}

std::string PythonModel::visibility() const { return python::visibility(); }
void PythonModel::set_visibility(std::string_view text) { python::set_visibility(text); }

std::string PythonModel::program_hash() const { return implementation_->hash; }
std::string PythonModel::source_line(std::string_view file, int line) const {
  return source_line_of(file, line);
}
std::optional<std::string> PythonModel::source_text(std::string_view file) const {
  return source_text_of(file);
}
std::vector<std::string> PythonModel::source_files() const { return instrumented_files(); }
bool PythonModel::interrupt(bool out_of_time) { return request_interrupt(out_of_time); }

// --- loading

namespace {

Ref list_of(const std::vector<std::string>& texts) {
  Ref list = Ref::take(PyList_New(0));
  for (const std::string& text : texts) {
    Ref item = Ref::take(PyUnicode_DecodeFSDefault(text.c_str()));
    if (item) PyList_Append(list.get(), item.get());
  }
  return list;
}

// The exception that is set, as the user is to see it.
engine::UserError bad_input() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  Ref expected = Ref::take(PyObject_GetAttrString(library_module("program"), "BadInput"));
  if (!PyErr_GivenExceptionMatches(type, expected.get())) {
    PyErr_Restore(type, value, traceback);
    return engine::UserError(take_error());
  }
  Ref text = Ref::take(PyObject_Str(value));
  Py_XDECREF(type), Py_XDECREF(value), Py_XDECREF(traceback);
  return engine::UserError(PyUnicode_AsUTF8(text.get()));
}

void prepare_tests(const engine::Watchdog::Limits& limits, std::chrono::nanoseconds budget = {}) {
  limit_aside(limits, budget);
  PyObject* module = library_module("tests");
  if (PyObject_HasAttrString(module, "run_aside")) return;
  Ref run = Ref::take(make_run_aside());
  if (!run || PyObject_SetAttrString(module, "run_aside", run.get()) < 0)
    throw engine::UserError(take_error());
}

void mutate(const std::string& file, int number) {
  PyObject* module = library_module("mutations");
  Ref path = Ref::take(PyUnicode_DecodeFSDefault(file.c_str()));
  Ref done = path ? Ref::take(PyObject_CallMethod(module, "want", "Oi", path.get(), number)) : Ref();
  Ref code = done ? Ref::take(PyObject_GetAttrString(module, "code_of")) : Ref();
  if (!code || PyObject_SetAttrString(library_module("importer"), "compiled", code.get()) < 0)
    throw engine::UserError(take_error());
}

UserProgram prepare(const PythonOptions& options) {
  prepare_tests(options.watchdog);
  if (!options.mutated_file.empty()) mutate(options.mutated_file, options.mutation);
  Ref arguments = list_of(options.arguments), instrument = list_of(options.instrument);
  Ref model = Ref::take(PyUnicode_DecodeFSDefault(options.model.c_str()));
  Ref found = Ref::take(PyObject_CallMethod(library_module("program"), "prepare", "OOsOO", model.get(),
                                            options.as_module ? Py_True : Py_False, options.test.c_str(),
                                            arguments.get(), instrument.get()));
  if (!found) throw bad_input();
  PyObject* parts = found.get();
  set_folders(PyUnicode_AsUTF8(PyTuple_GET_ITEM(parts, 3)), PyUnicode_AsUTF8(PyTuple_GET_ITEM(parts, 4)));
  return {Ref::share(PyTuple_GET_ITEM(parts, 0)), Ref::share(PyTuple_GET_ITEM(parts, 1)),
          Ref::share(PyTuple_GET_ITEM(parts, 2))};
}

// What exists now is never looked at by the garbage collector again.
void freeze() {
  raddle_collect_garbage();
  Ref gc = Ref::take(PyImport_ImportModule("gc"));
  Ref done = gc ? Ref::take(PyObject_CallMethod(gc.get(), "freeze", nullptr)) : Ref();
  if (!done) throw engine::UserError(take_error());
}

}  // namespace

std::unique_ptr<PythonModel> load(const PythonOptions& options) {
  if (model_exists) throw engine::UserError("only one Python model can be loaded at a time");
  start_interpreter();
  make_current(runtime.host);
  forget_locations();
  forget_containers();
  forget_sources();
  all_uncontrolled().clear();
  runtime.fine = options.fine;
  runtime.once = options.once;
  restore_snapshot();  // of the program before
  auto implementation = std::make_unique<PythonModel::Implementation>();
  implementation->options = options;
  runtime.gil = options.gil;
  report_switches(options.gil);
  implementation->program = prepare(options);
  add_user_module(strings.dunder_main);
  set_standard_input(options.standard_input);
  if (options.once) use_real_streams();
  output.ordered = options.ordered_output;
  raddle_forget_atexit(runtime.interpreter, 0);
  if (reset_streams() < 0) throw engine::UserError(take_error());
  take_snapshot();
  static Accesses accesses;
  set_sink(&accesses);
  freeze();
  std::unique_ptr<PythonModel> model(new PythonModel(std::move(implementation)));
  if (options.once) {
    set_all_visible(true);
    set_warming_up(true);
  } else {
    warm_up(*model, options);
    refuse_user_code(true);
    restore_snapshot();
    refuse_user_code(false);
    freeze();
  }
  all_uncontrolled().clear();
  model->implementation_->hash = hash_sources();
  return model;
}

std::vector<Mutation> mutations_of(const std::string& path) {
  start_interpreter();
  make_current(runtime.host);
  Ref name = Ref::take(PyUnicode_DecodeFSDefault(path.c_str()));
  Ref list = name ? Ref::take(PyObject_CallMethod(library_module("mutations"), "mutations", "O", name.get()))
                  : Ref();
  if (!list) throw engine::UserError(path + ": cannot be read: " + take_error());
  std::vector<Mutation> all;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.get()); ++i) {
    const char *kind, *function, *words;
    int line = 0;
    if (!PyArg_ParseTuple(PyList_GET_ITEM(list.get(), i), "siss", &kind, &line, &function, &words))
      throw engine::UserError(take_error());
    all.push_back({kind, line, function, words});
  }
  return all;
}

std::vector<CollectedTest> collect_tests(const std::string& folder, const engine::Watchdog::Limits& limits,
                                         std::chrono::nanoseconds budget) {
  start_interpreter();
  make_current(runtime.host);
  prepare_tests(limits, budget);
  Ref path = Ref::take(PyUnicode_DecodeFSDefault(folder.c_str()));
  Ref list = path
                 ? Ref::take(PyObject_CallMethod(library_module("program"), "collect_tests", "O", path.get()))
                 : Ref();
  if (!list) throw engine::UserError(take_error());
  std::vector<CollectedTest> tests;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.get()); ++i) {
    PyObject* test = PyList_GET_ITEM(list.get(), i);
    Ref file = Ref::take(PyUnicode_EncodeFSDefault(PyTuple_GET_ITEM(test, 0)));
    const char* name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(test, 1));
    const char* why_not = PyUnicode_AsUTF8(PyTuple_GET_ITEM(test, 2));
    if (!file || !name || !why_not) throw engine::UserError(take_error());
    tests.push_back({PyBytes_AS_STRING(file.get()), name, why_not});
  }
  return tests;
}

}  // namespace raddle::python
