#include "checker/python/sites.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "checker/python/instrument/object_layout.h"

namespace raddle::python {
namespace {

std::string model_folder, library_folder;
std::unordered_set<std::string> interned;
std::unordered_map<std::string, const char*> shown_by_path;
std::unordered_map<std::string_view, std::string> real_by_shown;

// What is known about one instruction. Code objects may die and others take their places, so entries are checked
// against the code's name and first line.
struct Known {
  PyCodeObject* code = nullptr;
  int index = 0;
  int first_line = 0;
  const char* function = nullptr;
  bool users = false;
  engine::Site site;
};
constexpr std::size_t kKnown = 1 << 12;
Known known[kKnown];

std::string_view text(PyObject* string) {
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(string, &size);
  if (data) return {data, static_cast<std::size_t>(size)};
  PyErr_Clear();
  return "?";
}

bool strip(std::string_view& path, std::string_view folder) {
  if (folder.empty() || !path.starts_with(folder)) return false;
  std::string_view rest = path.substr(folder.size());
  if (!folder.ends_with('/')) {
    if (!rest.starts_with('/')) return false;
    rest.remove_prefix(1);
  }
  path = rest;
  return true;
}

const Known& look_up(PyCodeObject* code, int index) {
  const std::size_t hash =
      (reinterpret_cast<std::uintptr_t>(code) >> 4) + static_cast<std::size_t>(index) * 31;
  Known& entry = known[hash * 0x9E3779B97F4A7C15ull >> 52];
  if (entry.code == code && entry.index == index && entry.first_line == code->co_firstlineno) return entry;
  entry = {code,
           index,
           code->co_firstlineno,
           nullptr,
           is_users_code(reinterpret_cast<PyObject*>(code)),
           site_of(code, index)};
  return entry;
}

int index_in(const _PyInterpreterFrame* frame) {
  const int index = static_cast<int>(frame->prev_instr - _PyCode_CODE(frame->f_code));
  return index < 0 ? 0 : index;
}

bool is_own(const engine::Site& site) {
  return site.file && std::string_view(site.file).starts_with("<raddle>");
}

engine::Site site_in(_PyInterpreterFrame* frame) {
  engine::Site innermost;
  for (; frame; frame = frame->previous) {
    if (!frame->f_code) continue;
    const Known& entry = look_up(frame->f_code, index_in(frame));
    if (entry.users) return entry.site;
    if (!innermost.known() && !is_own(entry.site)) innermost = entry.site;
  }
  return innermost;
}

}  // namespace

const char* intern(std::string_view text) { return interned.emplace(text).first->c_str(); }

void set_folders(const std::string& model, const std::string& library) {
  model_folder = model;
  library_folder = library;
  shown_by_path.clear();
  for (Known& entry : known) entry = {};
}

const char* shown_path(PyObject* path) {
  const std::string key(text(path));
  auto [it, fresh] = shown_by_path.try_emplace(key, nullptr);
  if (fresh) {
    std::string_view shown = key;
    const bool library = !strip(shown, model_folder) && strip(shown, library_folder);
    it->second = intern((library ? "python3.11/" : "") + std::string(shown));
    real_by_shown[it->second] = key;
  }
  return it->second;
}

std::string real_path(std::string_view shown) {
  auto it = real_by_shown.find(shown);
  return it == real_by_shown.end() ? std::string() : it->second;
}

engine::Site site_of(const Site& site) {
  // Sites live as long as their code, which is cached; the path is looked up once per file object.
  static PyObject* latest_file = nullptr;
  static const char* latest_shown = nullptr;
  if (site.filename != latest_file) {
    latest_shown = shown_path(site.filename);
    latest_file = site.filename;
  }
  return {latest_shown, PyUnicode_AsUTF8(site.function), site.position.line, site.position.column + 1};
}

engine::Site site_of(PyCodeObject* code, int index) {
  int line = 0, column = 0, end_line = 0, end_column = 0;
  if (!PyCode_Addr2Location(code, index * static_cast<int>(sizeof(_Py_CODEUNIT)), &line, &column, &end_line,
                            &end_column))
    line = code->co_firstlineno, column = -1;
  return {shown_path(code->co_filename), intern(text(code->co_qualname)), line < 0 ? 0 : line, column + 1};
}

engine::Site current_site() { return site_in(current_frame()); }

bool in_library() {
  const _PyInterpreterFrame* frame = current_frame();
  return frame && !(frame->f_code && look_up(frame->f_code, index_in(frame)).users);
}

engine::Site current_site(PyThreadState* state) { return site_in(state->cframe->current_frame); }

}  // namespace raddle::python
