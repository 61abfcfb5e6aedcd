/* The loops for x86-64 with AVX2 and FMA. */

#if defined(__x86_64__)
/* Before the attribute: the system's own inline functions stay as they are. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LOOP(name) name##_avx2
#define LANES 8
#include "Loops.h"

#define FLOAT_ROWS 6
#define BYTE_ROWS 4
#define BYTE_REGISTERS 2

/* The sum of two products has to fit into 16 bits: the bytes without sign are at most 127. */
static inline __attribute__((always_inline)) __m256i dot(__m256i sum, __m256i a, __m256i b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
}
#define DOT(sum, a, b) ((whole_lanes)dot((__m256i)(sum), (__m256i)(a), (__m256i)(b)))
#include "Products.h"
#pragma clang attribute pop
#endif
