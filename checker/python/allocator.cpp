#include "checker/python/allocator.h"

#include <malloc.h>

#include <limits>

#include "checker/python/address_filter.h"
#include "checker/python/instrument/reference.h"
#include "checker/python/object_names.h"

namespace raddle::python {

namespace {

PyMemAllocatorEx object_allocator, raw_allocator;
PyObjectArenaAllocator arena_allocator;
std::ptrdiff_t held = 0;
std::ptrdiff_t limit = std::numeric_limits<std::ptrdiff_t>::max();

// --- objects: only frees are of interest

void free_object(void* context, void* block) {
  if (named_addresses.may_contain(block)) [[unlikely]] {
    // Before the object there may be a garbage collector's header and the pointers to its dict and values.
    for (std::size_t header : {0, 16, 32}) forget_name(static_cast<char*>(block) + header);
  }
  object_allocator.free(context, block);
}

// --- raw memory: everything above 512 bytes, counted

void* counted(void* block) {
  if (block) held += static_cast<std::ptrdiff_t>(malloc_usable_size(block));
  return block;
}

bool exceeds(std::size_t more) {
  const auto n = static_cast<std::ptrdiff_t>(more);
  return n < 0 || n > limit || held > limit - n;
}

void* raw_malloc(void* context, std::size_t size) {
  return exceeds(size) ? nullptr : counted(raw_allocator.malloc(context, size));
}

void* raw_calloc(void* context, std::size_t count, std::size_t size) {
  return exceeds(count * size) ? nullptr : counted(raw_allocator.calloc(context, count, size));
}

void* raw_realloc(void* context, void* block, std::size_t size) {
  const std::size_t before = block ? malloc_usable_size(block) : 0;
  if (size > before && exceeds(size - before)) return nullptr;
  void* moved = raw_allocator.realloc(context, block, size);
  if (moved) {
    held -= static_cast<std::ptrdiff_t>(before);
    counted(moved);
  }
  return moved;
}

void raw_free(void* context, void* block) {
  if (block) held -= static_cast<std::ptrdiff_t>(malloc_usable_size(block));
  raw_allocator.free(context, block);
}

// --- arenas: the memory that small objects live in

void* arena_alloc(void* context, std::size_t size) {
  if (exceeds(size)) return nullptr;
  void* arena = arena_allocator.alloc(context, size);
  if (arena) held += static_cast<std::ptrdiff_t>(size);
  return arena;
}

void arena_free(void* context, void* arena, std::size_t size) {
  held -= static_cast<std::ptrdiff_t>(size);
  arena_allocator.free(context, arena, size);
}

}  // namespace

void install_allocators() {
  PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &object_allocator);
  PyMemAllocatorEx objects = object_allocator;
  objects.free = free_object;
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &objects);

  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw_allocator);
  PyMemAllocatorEx raw = {raw_allocator.ctx, raw_malloc, raw_calloc, raw_realloc, raw_free};
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &raw);

  PyObject_GetArenaAllocator(&arena_allocator);
  PyObjectArenaAllocator arenas = {arena_allocator.ctx, arena_alloc, arena_free};
  PyObject_SetArenaAllocator(&arenas);
}

void limit_memory(std::size_t bytes) {
  limit = bytes ? held + static_cast<std::ptrdiff_t>(bytes) : std::numeric_limits<std::ptrdiff_t>::max();
}

}  // namespace raddle::python
