/* Hands each call to the version of its level. */

#include "CKernels.h"

#define DECLARE(name, ...) \
    void name##_baseline(__VA_ARGS__); \
    void name##_avx2(__VA_ARGS__);

DECLARE(ck_quantise, const float *, int, float, uint8_t *, float *, float *)
DECLARE(ck_finish_bytes, ck_ending, const int32_t *, int, float, float, const float *, const float *, const float *,
        float *)
DECLARE(ck_finish_floats, ck_ending, const float *, int, const float *, float *)
DECLARE(ck_layer_norm, float *, int, const float *, const float *)
DECLARE(ck_softmax, float *, int)

#if defined(__x86_64__)
#define CALL(level, name, ...) ((level) == CK_AVX2 ? name##_avx2(__VA_ARGS__) : name##_baseline(__VA_ARGS__))

ck_level ck_highest_level(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? CK_AVX2 : CK_BASELINE;
}
#else
#define CALL(level, name, ...) ((void)(level), name##_baseline(__VA_ARGS__))

ck_level ck_highest_level(void) { return CK_BASELINE; }
#endif

void ck_quantise(ck_level level, const float *row, int count, float levels, uint8_t *bytes, float *step, float *zero) {
    CALL(level, ck_quantise, row, count, levels, bytes, step, zero);
}

void ck_finish_bytes(ck_level level, ck_ending ending, const int32_t *products, int count, float step, float zero,
                     const float *scales, const float *sums, const float *bias, float *output) {
    CALL(level, ck_finish_bytes, ending, products, count, step, zero, scales, sums, bias, output);
}

void ck_finish_floats(ck_level level, ck_ending ending, const float *products, int count, const float *bias,
                      float *output) {
    CALL(level, ck_finish_floats, ending, products, count, bias, output);
}

void ck_layer_norm(ck_level level, float *row, int count, const float *scale, const float *shift) {
    CALL(level, ck_layer_norm, row, count, scale, shift);
}

void ck_softmax(ck_level level, float *row, int count) { CALL(level, ck_softmax, row, count); }
