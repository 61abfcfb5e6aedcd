/* The loops for x86-64 with AVX2 and FMA. */

#if defined(__x86_64__)
/* Before the attribute: the system's own inline functions stay as they are. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LOOP(name) name##_avx2
#include "Loops.h"
#pragma clang attribute pop
#endif
