// Stands in front of glibc's malloc and its kin in test programs and counts their calls while it is told to.
// Freeing stays glibc's own.

#include "CAllocationCounter.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MTAG_HAS_SANITIZER 1
#endif
#endif

#if defined(__GLIBC__) && !defined(MTAG_HAS_SANITIZER)

#include <errno.h>
#include <stdatomic.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_int is_counting;
static atomic_long allocations;

static void note(void) {
  if (atomic_load_explicit(&is_counting, memory_order_relaxed)) atomic_fetch_add(&allocations, 1);
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  note();
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  note();
  void *memory = __libc_memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *block = memory;
  return 0;
}

int mtag_can_count_allocations(void) { return 1; }

void mtag_start_counting_allocations(void) {
  atomic_store(&allocations, 0);
  atomic_store(&is_counting, 1);
}

long mtag_stop_counting_allocations(void) {
  atomic_store(&is_counting, 0);
  return atomic_load(&allocations);
}

#else

int mtag_can_count_allocations(void) { return 0; }
void mtag_start_counting_allocations(void) {}
long mtag_stop_counting_allocations(void) { return 0; }

#endif
