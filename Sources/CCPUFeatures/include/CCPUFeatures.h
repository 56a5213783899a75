// Which x86 instruction sets this CPU and this operating system support, from CPUID and XGETBV.
// A C header because Swift has no way to issue either instruction.
#ifndef MTAG_CPU_FEATURES_H
#define MTAG_CPU_FEATURES_H

/// The highest x86-64 micro-architecture level usable here: 4, 3, or 1; 0 on other architectures.
int mtag_x86_level(void);

#endif
