/*
 * The matrix products. Included once for each level by a file that defines LOOP(name), the name of its version, LANES,
 * the floats of a register, FLOAT_ROWS and BYTE_ROWS, how many rows are computed at once, and DOT(sum, a, b).
 *
 * DOT adds to each of LANES whole numbers the products of four bytes without sign, the same for all, and four bytes
 * with sign. A panel, so many rows of some columns, stays in registers while the depth is summed over; what is left
 * of the rows is computed by halves of a panel, then one by one.
 */

#include "CKernels.h"

#include <string.h>

#define PRODUCT static inline __attribute__((always_inline))

typedef float lanes __attribute__((ext_vector_type(LANES)));
typedef int32_t whole_lanes __attribute__((ext_vector_type(LANES)));

enum { PANEL = 2 * LANES };

PRODUCT lanes load_lanes(const float *from) {
    lanes values;
    memcpy(&values, from, sizeof values);
    return values;
}

PRODUCT whole_lanes load_bytes(const int8_t *from) {
    whole_lanes values;
    memcpy(&values, from, sizeof values);
    return values;
}

void LOOP(ck_pack_floats)(const float *matrix, int stride, int is_transposed, int columns, int depth, float *packed) {
    for (int start = 0; start < columns; start += PANEL) {
        int width = columns - start < PANEL ? columns - start : PANEL;
        for (int k = 0; k < depth; k++, packed += PANEL) {
            for (int j = 0; j < PANEL; j++) {
                long place = is_transposed ? (long)(start + j) * stride + k : (long)k * stride + start + j;
                packed[j] = j < width ? matrix[place] : 0;
            }
        }
    }
}

/* One panel of `rows` rows, which is a constant wherever this is inlined. */
PRODUCT void multiply_floats(int rows, const float *a, int a_stride, const float *packed, int depth, float scale,
                             float *c, int c_stride) {
    lanes sums[FLOAT_ROWS][2] = {{0}};
    for (int k = 0; k < depth; k++) {
        lanes first = load_lanes(packed + k * PANEL);
        lanes second = load_lanes(packed + k * PANEL + LANES);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            float value = a[(long)row * a_stride + k];
            sums[row][0] += value * first;
            sums[row][1] += value * second;
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
        lanes scaled[2] = {sums[row][0] * scale, sums[row][1] * scale};
        memcpy(c + (long)row * c_stride, scaled, sizeof scaled);
    }
}

void LOOP(ck_multiply_floats)(const float *a, int a_stride, const float *packed, int rows, int columns, int depth,
                              float scale, float *c, int c_stride) {
    for (int start = 0; start < columns; start += PANEL, packed += (long)depth * PANEL) {
        int row = 0;
#define FLOATS(count) \
    for (; row + (count) <= rows; row += (count)) { \
        multiply_floats(count, a + (long)row * a_stride, a_stride, packed, depth, scale, \
                        c + (long)row * c_stride + start, c_stride); \
    }
        FLOATS(FLOAT_ROWS)
        FLOATS(FLOAT_ROWS / 2)
        FLOATS(1)
    }
}

/* One panel of `rows` rows, which is a constant wherever this is inlined. */
PRODUCT void multiply_bytes(int rows, const uint8_t *a, const int8_t *packed, int depth, int32_t *c, int columns) {
    enum { REGISTERS = CK_BYTE_PANEL / LANES };
    whole_lanes sums[BYTE_ROWS][REGISTERS] = {{0}};
    for (int k = 0; k < depth; k += 4) {
        whole_lanes weights[REGISTERS];
#pragma clang loop unroll(full)
        for (int j = 0; j < REGISTERS; j++) weights[j] = load_bytes(packed + (long)k * CK_BYTE_PANEL + j * LANES * 4);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            int32_t four;
            memcpy(&four, a + (long)row * depth + k, sizeof four);
            whole_lanes values = four;
#pragma clang loop unroll(full)
            for (int j = 0; j < REGISTERS; j++) sums[row][j] = DOT(sums[row][j], values, weights[j]);
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) memcpy(c + (long)row * columns, sums[row], sizeof sums[row]);
}

void LOOP(ck_multiply_bytes)(const uint8_t *a, const int8_t *packed, int rows, int columns, int depth, int32_t *c) {
    for (int start = 0; start < columns; start += CK_BYTE_PANEL, packed += (long)depth * CK_BYTE_PANEL) {
        int row = 0;
#define BYTES(count) \
    for (; row + (count) <= rows; row += (count)) { \
        multiply_bytes(count, a + (long)row * depth, packed, depth, c + (long)row * columns + start, columns); \
    }
        BYTES(BYTE_ROWS)
        BYTES(BYTE_ROWS / 2)
        BYTES(1)
    }
}
