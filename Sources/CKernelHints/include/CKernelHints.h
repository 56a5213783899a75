#ifndef MTAG_KERNEL_HINTS_H
#define MTAG_KERNEL_HINTS_H

// Hints to the memory system that Swift has no word for. They change when data moves, never what is computed.

typedef float MtagFloat4 __attribute__((ext_vector_type(4), may_alias));
typedef float MtagFloat8 __attribute__((ext_vector_type(8), may_alias));
typedef float MtagFloat16 __attribute__((ext_vector_type(16), may_alias));

/// Writes 4, 8 or 16 floats past the caches, to an address aligned to as much: for memory that is not read again before the
/// caches have forgotten it. A cache line written as a whole is then not read from memory first.
static inline __attribute__((always_inline)) void mtagStream4(void *address, const void *values) {
  __builtin_nontemporal_store(*(const MtagFloat4 *)values, (MtagFloat4 *)address);
}
static inline __attribute__((always_inline)) void mtagStream8(void *address, const void *values) {
  __builtin_nontemporal_store(*(const MtagFloat8 *)values, (MtagFloat8 *)address);
}
static inline __attribute__((always_inline)) void mtagStream16(void *address, const void *values) {
  __builtin_nontemporal_store(*(const MtagFloat16 *)values, (MtagFloat16 *)address);
}

/// What was written past the caches is seen by whoever this thread speaks to afterwards.
static inline __attribute__((always_inline)) void mtagFinishStreams(void) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
