/* The loops for x86-64 with AVX-512 and its instructions for products of bytes (VNNI). */

#if defined(__x86_64__)
/* Before the attribute: the system's own inline functions stay as they are. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#define LOOP(name) name##_avx512
#define LANES 16
#include "Loops.h"

#define FLOAT_ROWS 8
#define BYTE_ROWS 12
#define BYTE_REGISTERS 2
#define DOT(sum, a, b) ((whole_lanes)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(a), (__m512i)(b)))
#include "Products.h"
#pragma clang attribute pop
#endif
