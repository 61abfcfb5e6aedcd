/* The loops for what every processor of the architecture has. */

#define LOOP(name) name##_baseline
#define LANES 4
#include "Loops.h"

#define FLOAT_ROWS 4
#define BYTE_ROWS 2
#define BYTE_REGISTERS 4

#if defined(__x86_64__)
#include <emmintrin.h>

/* The bytes with even and with odd places, widened, two products and their sum in one instruction each. */
static inline __attribute__((always_inline)) __m128i dot(__m128i sum, __m128i a, __m128i b) {
    __m128i even = _mm_madd_epi16(_mm_and_si128(a, _mm_set1_epi16(255)), _mm_srai_epi16(_mm_slli_epi16(b, 8), 8));
    __m128i odd = _mm_madd_epi16(_mm_srli_epi16(a, 8), _mm_srai_epi16(b, 8));
    return _mm_add_epi32(sum, _mm_add_epi32(even, odd));
}
#define DOT(sum, a, b) ((whole_lanes)dot((__m128i)(sum), (__m128i)(a), (__m128i)(b)))
#else
#define DOT(sum, a, b) \
    ((sum) + ((a) & 255) * ((b) << 24 >> 24) + ((a) >> 8 & 255) * ((b) << 16 >> 24) \
     + ((a) >> 16 & 255) * ((b) << 8 >> 24) + ((a) >> 24 & 255) * ((b) >> 24))
#endif
#include "Products.h"
