/* Hands each call to the version of its level. */

#include "CKernels.h"

#define DECLARE(name, ...) \
    void name##_baseline(__VA_ARGS__); \
    void name##_avx2(__VA_ARGS__); \
    void name##_avx512(__VA_ARGS__);

DECLARE(ck_quantise, const float *, int, float, uint8_t *, float *, float *)
DECLARE(ck_finish_floats, ck_ending, const float *, int, const float *, float *)
DECLARE(ck_layer_norm, float *, int, const float *, const float *)
DECLARE(ck_softmax, float *, int)
DECLARE(ck_pack_floats, const float *, int, int, int, int, float *)
DECLARE(ck_multiply_floats, const float *, int, const float *, int, int, int, float, float *, int)
DECLARE(ck_pack_bytes, const int8_t *, int, int, int8_t *)
DECLARE(ck_project_bytes, ck_ending, const uint8_t *, const float *, const float *, int, const int8_t *, const float *,
        const float *, const float *, int, int, float *)

#if defined(__x86_64__)
#define CALL(level, name, ...) \
    ((level) == CK_AVX512 ? name##_avx512(__VA_ARGS__) \
     : (level) == CK_AVX2 ? name##_avx2(__VA_ARGS__) \
                          : name##_baseline(__VA_ARGS__))

ck_level ck_highest_level(void) {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return CK_BASELINE;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")) return CK_AVX2;
    if (!__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq")) return CK_AVX2;
    return __builtin_cpu_supports("avx512vnni") ? CK_AVX512 : CK_AVX2;
}
#else
#define CALL(level, name, ...) ((void)(level), name##_baseline(__VA_ARGS__))

ck_level ck_highest_level(void) { return CK_BASELINE; }
#endif

void ck_quantise(ck_level level, const float *row, int count, float levels, uint8_t *bytes, float *step, float *zero) {
    CALL(level, ck_quantise, row, count, levels, bytes, step, zero);
}

void ck_finish_floats(ck_level level, ck_ending ending, const float *products, int count, const float *bias,
                      float *output) {
    CALL(level, ck_finish_floats, ending, products, count, bias, output);
}

void ck_layer_norm(ck_level level, float *row, int count, const float *scale, const float *shift) {
    CALL(level, ck_layer_norm, row, count, scale, shift);
}

void ck_softmax(ck_level level, float *row, int count) { CALL(level, ck_softmax, row, count); }

void ck_pack_floats(ck_level level, const float *matrix, int stride, int is_transposed, int columns, int depth,
                    float *packed) {
    CALL(level, ck_pack_floats, matrix, stride, is_transposed, columns, depth, packed);
}

void ck_multiply_floats(ck_level level, const float *a, int a_stride, const float *packed, int rows, int columns,
                        int depth, float scale, float *c, int c_stride) {
    CALL(level, ck_multiply_floats, a, a_stride, packed, rows, columns, depth, scale, c, c_stride);
}

void ck_pack_bytes(ck_level level, const int8_t *matrix, int columns, int depth, int8_t *packed) {
    CALL(level, ck_pack_bytes, matrix, columns, depth, packed);
}

void ck_project_bytes(ck_level level, ck_ending ending, const uint8_t *bytes, const float *steps, const float *zeros,
                      int rows, const int8_t *packed, const float *scales, const float *sums, const float *bias,
                      int columns, int depth, float *output) {
    CALL(level, ck_project_bytes, ending, bytes, steps, zeros, rows, packed, scales, sums, bias, columns, depth, output);
}
