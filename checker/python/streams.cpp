// sys.stdout, sys.stderr, other files that lead where these do, and print().
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <initializer_list>

#include "checker/python/arguments.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/type_traits.h"
#include "checker/python/output.h"
#include "checker/python/standard_input.h"

namespace raddle::python {

/// What one print call writes: its text and what ends it, or as much as came before an error.
struct Collected {
  std::string text, last;
};

namespace {

// A text stream. With `collected`, it is the inside of one print call: the pieces are put together first.
struct Stream {
  PyObject_HEAD PyObject* dict;
  Collected* collected;
  bool error;
  bool bytes;   // is the `buffer` below a text stream
  bool opened;  // by open(), not one of sys
  bool closed;
};

Stream* stream_of(PyObject* object) { return reinterpret_cast<Stream*>(object); }

PyTypeObject StreamType = {PyVarObject_HEAD_INIT(nullptr, 0)};
PyObject *standard_output, *standard_error, *output_buffer, *error_buffer;
PyObject* original_print;

// false: an exception is set.
bool write(Stream* stream, std::string_view text) {
  if (stream->collected) {
    stream->collected->text += stream->collected->last;
    stream->collected->last = text;
    return true;
  }
  if (stream->closed) {
    PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
    return false;
  }
  // What a __str__ in the middle of a print writes itself belongs to it.
  if (Collected* printing = runtime.engine ? self().printing[stream->error] : nullptr) {
    printing->text += std::exchange(printing->last, {});
    printing->text += text;
    return true;
  }
  if (!text.empty() && announce_output() < 0) return false;
  write_output(stream->error, text);
  if (output.error == 0) return true;
  errno = std::exchange(output.error, 0);
  PyErr_SetFromErrno(PyExc_OSError);
  return false;
}

PyObject* stream_write(PyObject* object, PyObject* text) {
  if (stream_of(object)->bytes) {
    Py_buffer buffer;
    if (PyObject_GetBuffer(text, &buffer, PyBUF_SIMPLE) < 0) return nullptr;
    const bool written = write(stream_of(object),
                               {static_cast<const char*>(buffer.buf), static_cast<std::size_t>(buffer.len)});
    const Py_ssize_t size = buffer.len;
    PyBuffer_Release(&buffer);
    return written ? PyLong_FromSsize_t(size) : nullptr;
  }
  if (!PyUnicode_Check(text))
    return PyErr_Format(PyExc_TypeError, "write() argument must be str, not %.200s", Py_TYPE(text)->tp_name);
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data) {
    const bool written = write(stream_of(object), {data, static_cast<std::size_t>(size)});
    return written ? PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text)) : nullptr;
  }
  // Lone surrogates: stderr shows them escaped, others refuse them.
  if (!stream_of(object)->error || stream_of(object)->opened) return nullptr;
  PyErr_Clear();
  Ref escaped = Ref::take(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
  if (!escaped) return nullptr;
  const bool written = write(stream_of(object), {PyBytes_AS_STRING(escaped.get()),
                                                 static_cast<std::size_t>(PyBytes_GET_SIZE(escaped.get()))});
  return written ? PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text)) : nullptr;
}

PyObject* stream_writelines(PyObject* object, PyObject* lines) {
  Ref iterator = Ref::take(PyObject_GetIter(lines));
  if (!iterator) return nullptr;
  while (Ref line = Ref::take(PyIter_Next(iterator.get()))) {
    Ref written = Ref::take(stream_write(object, line.get()));
    if (!written) return nullptr;
  }
  if (PyErr_Occurred()) return nullptr;
  Py_RETURN_NONE;
}

// Usable, or with a message as CPython's (which takes the full stop for itself in some methods)?
bool is_open(PyObject* object, const char* message = "I/O operation on closed file.") {
  if (stream_of(object)->closed) PyErr_SetString(PyExc_ValueError, message);
  return !stream_of(object)->closed;
}
constexpr const char* kClosed = "I/O operation on closed file";

PyObject* none_keywords(PyObject*, PyObject*, PyObject*) { Py_RETURN_NONE; }
PyObject* flush(PyObject* object, PyObject*) { return is_open(object) ? Py_NewRef(Py_None) : nullptr; }
PyObject* close_stream(PyObject* object, PyObject*) {
  stream_of(object)->closed = true;
  Py_RETURN_NONE;
}
PyObject* yes(PyObject* object, PyObject*) { return is_open(object, kClosed) ? Py_NewRef(Py_True) : nullptr; }
PyObject* no(PyObject* object, PyObject*) { return is_open(object, kClosed) ? Py_NewRef(Py_False) : nullptr; }
PyObject* me(PyObject* object, PyObject*) { return is_open(object) ? Py_NewRef(object) : nullptr; }
PyObject* iterate(PyObject* object) { return me(object, nullptr); }

PyObject* stream_fileno(PyObject* object, PyObject*) {
  return is_open(object, kClosed) ? PyLong_FromLong(stream_of(object)->error ? 2 : 1) : nullptr;
}

PyObject* unsupported(const char* message) {
  Ref io = Ref::take(PyImport_ImportModule("io"));
  Ref error = io ? Ref::take(PyObject_GetAttrString(io.get(), "UnsupportedOperation")) : Ref();
  if (error) PyErr_SetString(error.get(), message);
  return nullptr;
}
PyObject* stream_read(PyObject*, PyObject*) { return unsupported("not readable"); }
PyObject* stream_next(PyObject*) { return unsupported("not readable"); }
PyObject* stream_seek(PyObject*, PyObject*) { return unsupported("underlying stream is not seekable"); }

PyObject* text_of(const char* text) { return PyUnicode_FromString(text); }
PyObject* get_encoding(PyObject*, void*) { return text_of("utf-8"); }
PyObject* get_errors(PyObject* object, void*) {
  return text_of(stream_of(object)->error && !stream_of(object)->opened ? "backslashreplace" : "strict");
}
PyObject* get_name(PyObject* object, void*) {
  if (stream_of(object)->opened) return PyLong_FromLong(stream_of(object)->error ? 2 : 1);
  return text_of(stream_of(object)->error ? "<stderr>" : "<stdout>");
}
PyObject* get_mode(PyObject* object, void*) { return text_of(stream_of(object)->bytes ? "wb" : "w"); }
PyObject* get_closed(PyObject* object, void*) { return PyBool_FromLong(stream_of(object)->closed); }
PyObject* get_line_buffering(PyObject* object, void*) {
  return PyBool_FromLong(stream_of(object)->error && !stream_of(object)->opened);
}
PyObject* get_write_through(PyObject*, void*) { Py_RETURN_FALSE; }
// For isinstance().
PyObject* get_class(PyObject* object, void*) {
  Ref io = Ref::take(PyImport_ImportModule("io"));
  const char* name = stream_of(object)->bytes ? "BufferedWriter" : "TextIOWrapper";
  return io ? PyObject_GetAttrString(io.get(), name) : nullptr;
}
PyObject* get_newlines(PyObject*, void*) { Py_RETURN_NONE; }

PyObject* new_stream(bool error, bool bytes, bool opened = false) {
  auto* stream = PyObject_New(Stream, &StreamType);
  if (!stream) return nullptr;
  stream->dict = nullptr;
  stream->collected = nullptr;
  stream->error = error;
  stream->bytes = bytes;
  stream->opened = opened;
  stream->closed = false;
  return reinterpret_cast<PyObject*>(stream);
}

PyObject* get_buffer(PyObject* object, void*) {
  return Py_NewRef(stream_of(object)->error ? error_buffer : output_buffer);
}

// What is below goes on, for another text stream over it.
PyObject* detach(PyObject* object, PyObject*) {
  if (!is_open(object, kClosed)) return nullptr;
  stream_of(object)->closed = true;
  return get_buffer(object, nullptr);
}

void dealloc(PyObject* object) {
  Py_CLEAR(stream_of(object)->dict);
  PyObject_Free(object);
}

PyObject* repr(PyObject* object) {
  Ref name = Ref::take(get_name(object, nullptr));
  return !name ? nullptr
         : stream_of(object)->bytes
             ? PyUnicode_FromFormat("<_io.BufferedWriter name=%R>", name.get())
             : PyUnicode_FromFormat("<_io.TextIOWrapper name=%R mode='w' encoding='utf-8'>", name.get());
}

PyMethodDef methods[] = {
    {"write", stream_write, METH_O, nullptr},
    {"writelines", stream_writelines, METH_O, nullptr},
    {"flush", flush, METH_NOARGS, nullptr},
    {"close", close_stream, METH_NOARGS, nullptr},
    {"detach", detach, METH_NOARGS, nullptr},
    {"seek", stream_seek, METH_VARARGS, nullptr},
    {"tell", stream_seek, METH_VARARGS, nullptr},
    {"truncate", stream_seek, METH_VARARGS, nullptr},
    {"reconfigure", method(none_keywords), METH_VARARGS | METH_KEYWORDS, nullptr},
    {"isatty", no, METH_NOARGS, nullptr},
    {"readable", no, METH_NOARGS, nullptr},
    {"seekable", no, METH_NOARGS, nullptr},
    {"writable", yes, METH_NOARGS, nullptr},
    {"fileno", stream_fileno, METH_NOARGS, nullptr},
    {"read", stream_read, METH_VARARGS, nullptr},
    {"readline", stream_read, METH_VARARGS, nullptr},
    {"__enter__", me, METH_NOARGS, nullptr},
    {"__exit__", close_stream, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef properties[] = {
    {"encoding", get_encoding, nullptr, nullptr, nullptr},
    {"errors", get_errors, nullptr, nullptr, nullptr},
    {"name", get_name, nullptr, nullptr, nullptr},
    {"mode", get_mode, nullptr, nullptr, nullptr},
    {"closed", get_closed, nullptr, nullptr, nullptr},
    {"newlines", get_newlines, nullptr, nullptr, nullptr},
    {"line_buffering", get_line_buffering, nullptr, nullptr, nullptr},
    {"write_through", get_write_through, nullptr, nullptr, nullptr},
    {"__class__", get_class, nullptr, nullptr, nullptr},
    {"buffer", get_buffer, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

// --- print

bool write(Stream* stream, const Collected& printed) {
  if (output.ordered && !runtime.gil) return write(stream, printed.text) && write(stream, printed.last);
  return write(stream, printed.text + printed.last);
}

// Prints to a stream of ours are put together in a stream of their own, so that one call is one piece of output; or two,
// where their order matters: nobody promises that the end of the line is written with the text. (CPython's buffered streams
// do; unbuffered ones write each argument by itself.)
PyObject* print(PyObject*, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  PyObject* file = nullptr;
  const Py_ssize_t named = keywords ? PyTuple_GET_SIZE(keywords) : 0;
  for (Py_ssize_t i = 0; i < named; ++i)
    if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, i), "file") == 0)
      file = arguments[count + i];
  if (!file || file == Py_None) file = PySys_GetObject("stdout");
  if (!file || !is_output_stream(file) || !runtime.engine)
    return PyObject_Vectorcall(original_print, arguments, static_cast<std::size_t>(count), keywords);
  // The same call once more, to a stream that collects.
  Collected printed;
  Ref collector = Ref::take(new_stream(stream_of(file)->error, false));
  if (!collector) return nullptr;
  stream_of(collector.get())->collected = &printed;
  std::vector<PyObject*> changed(arguments, arguments + count);
  Ref names = Ref::take(PyList_New(0));
  static PyObject* file_name = PyUnicode_InternFromString("file");
  if (!names || PyList_Append(names.get(), file_name) < 0) return nullptr;
  changed.push_back(collector.get());
  for (Py_ssize_t i = 0; i < named; ++i) {
    PyObject* name = PyTuple_GET_ITEM(keywords, i);
    if (PyUnicode_CompareWithASCIIString(name, "file") == 0) continue;
    if (PyList_Append(names.get(), name) < 0) return nullptr;
    changed.push_back(arguments[count + i]);
  }
  Ref all = Ref::take(PyList_AsTuple(names.get()));
  Collected*& printing = self().printing[stream_of(file)->error];
  Collected* outer = std::exchange(printing, &printed);
  PyObject* result =
      all ? PyObject_Vectorcall(original_print, changed.data(), static_cast<std::size_t>(count), all.get())
          : nullptr;
  printing = outer;
  stream_of(collector.get())->collected = nullptr;
  if (!result) {  // what came before the error is written as far as it goes
    ExceptionAside aside;
    write(stream_of(file), printed);
  } else if (!write(stream_of(file), printed)) {
    Py_CLEAR(result);
  }
  return result;
}

PyMethodDef print_method = {"print", method(print), METH_FASTCALL | METH_KEYWORDS, nullptr};

}  // namespace

bool is_output_stream(PyObject* object) { return Py_IS_TYPE(object, &StreamType); }

PyObject* open_stream(bool error, bool bytes, PyObject* encoding, PyObject* errors, PyObject* newline) {
  auto is = [](PyObject* given, std::initializer_list<const char*> usual) {
    return !given || given == Py_None ||
           (PyUnicode_Check(given) && std::any_of(usual.begin(), usual.end(), [&](const char* text) {
              return PyUnicode_CompareWithASCIIString(given, text) == 0;
            }));
  };
  if (bytes) return new_stream(error, true, true);
  if (is(encoding, {"utf-8", "utf8", "UTF-8"}) && is(errors, {"strict"}) && is(newline, {"\n", ""}))
    return new_stream(error, false, true);
  Ref below = Ref::take(new_stream(error, true, true));
  Ref io = below ? Ref::take(PyImport_ImportModule("io")) : Ref();
  Ref type = io ? Ref::take(PyObject_GetAttrString(io.get(), "TextIOWrapper")) : Ref();
  auto given = [](PyObject* value) { return value ? value : Py_None; };
  return type ? PyObject_CallFunction(type.get(), "OOOOOO", below.get(), given(encoding), given(errors),
                                      given(newline), Py_False, Py_True)
              : nullptr;
}

int prepare_output() {
  StreamType.tp_name = "_io.TextIOWrapper";
  StreamType.tp_basicsize = sizeof(Stream);
  StreamType.tp_dictoffset = offsetof(Stream, dict);
  StreamType.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  StreamType.tp_dealloc = dealloc;
  StreamType.tp_repr = repr;
  StreamType.tp_iter = iterate;
  StreamType.tp_iternext = stream_next;
  StreamType.tp_methods = methods;
  StreamType.tp_getset = properties;
  StreamType.tp_getattro = PyObject_GenericGetAttr;
  StreamType.tp_setattro = PyObject_GenericSetAttr;
  if (PyType_Ready(&StreamType) < 0) return -1;
  ignore_type(&StreamType);
  standard_output = new_stream(false, false);
  standard_error = new_stream(true, false);
  output_buffer = new_stream(false, true);
  error_buffer = new_stream(true, true);
  Ref builtins = Ref::take(PyImport_ImportModule("builtins"));
  if (!standard_output || !standard_error || !output_buffer || !error_buffer || !builtins) return -1;
  original_print = PyObject_GetAttrString(builtins.get(), "print");
  Ref module_name = Ref::take(PyUnicode_FromString("builtins"));
  Ref replaced = Ref::take(PyCFunction_NewEx(&print_method, builtins.get(), module_name.get()));
  if (!original_print || !replaced) return -1;
  print_method.ml_doc = reinterpret_cast<PyCFunctionObject*>(original_print)->m_ml->ml_doc;
  return PyObject_SetAttrString(builtins.get(), "print", replaced.get());
}

int reset_streams() {
  for (PyObject* stream : {standard_output, standard_error, output_buffer, error_buffer}) {
    Py_CLEAR(stream_of(stream)->dict);
    stream_of(stream)->closed = false;
  }
  const struct {
    const char* name;
    PyObject* stream;
  } streams[] = {{"stdout", standard_output},    {"stderr", standard_error},
                 {"stdin", standard_input()},    {"__stdout__", standard_output},
                 {"__stderr__", standard_error}, {"__stdin__", standard_input()}};
  for (const auto& [name, stream] : streams) {
    if (!stream) return -1;
    if (PySys_GetObject(name) != stream && PySys_SetObject(name, stream) < 0) return -1;
  }
  return 0;
}

}  // namespace raddle::python
