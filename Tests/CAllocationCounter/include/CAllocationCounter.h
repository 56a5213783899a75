#ifndef MTAG_ALLOCATION_COUNTER_H
#define MTAG_ALLOCATION_COUNTER_H

/// Whether this process's allocations can be counted: with glibc, outside of sanitizers.
int mtag_can_count_allocations(void);

/// Starts counting from zero, on all threads.
void mtag_start_counting_allocations(void);

/// Stops counting; returns how many blocks were allocated or moved since the start.
long mtag_stop_counting_allocations(void);

#endif
