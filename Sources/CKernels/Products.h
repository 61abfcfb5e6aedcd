/*
 * The matrix products. Included once for each level, after Loops.h, by a file that defines FLOAT_ROWS and BYTE_ROWS, how
 * many rows are computed at once, BYTE_REGISTERS, how many registers of columns with them, and DOT(sum, a, b).
 *
 * DOT adds to each of LANES whole numbers the products of four bytes without sign, the same for all, and four bytes
 * with sign. A tile, so many rows of the columns of a panel, stays in registers while the depth is summed over; what is
 * left of the rows is computed by smaller tiles.
 */

#include "CKernels.h"

#include <string.h>

enum { PANEL = 2 * LANES, BYTE_PANEL = BYTE_REGISTERS * LANES };

INLINE whole_lanes load_bytes(const int8_t *from) {
    whole_lanes values;
    memcpy(&values, from, sizeof values);
    return values;
}

/* One panel of `width` columns, the rest of it zero. */
INLINE void pack_rows(const float *matrix, int stride, int width, int depth, float *packed) {
    for (int k = 0; k < depth; k++, packed += PANEL) {
        for (int j = 0; j < width; j++) packed[j] = matrix[(long)k * stride + j];
        for (int j = width; j < PANEL; j++) packed[j] = 0;
    }
}

/* The same, where the columns lie in rows: by squares of four, which are turned in registers. */
INLINE void pack_columns(const float *matrix, int stride, int width, int depth, float *packed) {
    int j = 0;
    for (; j + 4 <= width; j += 4) {
        const float *from = matrix + (long)j * stride;
        int k = 0;
        for (; k + 4 <= depth; k += 4) {
            floats4 row[4], turned[4];
            for (int i = 0; i < 4; i++) memcpy(&row[i], from + (long)i * stride + k, sizeof row[i]);
            floats4 upper = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
            floats4 upper_rest = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
            floats4 lower = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
            floats4 lower_rest = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
            turned[0] = __builtin_shufflevector(upper, lower, 0, 1, 4, 5);
            turned[1] = __builtin_shufflevector(upper, lower, 2, 3, 6, 7);
            turned[2] = __builtin_shufflevector(upper_rest, lower_rest, 0, 1, 4, 5);
            turned[3] = __builtin_shufflevector(upper_rest, lower_rest, 2, 3, 6, 7);
            for (int i = 0; i < 4; i++) memcpy(packed + (k + i) * PANEL + j, &turned[i], sizeof turned[i]);
        }
        for (; k < depth; k++) {
            for (int i = 0; i < 4; i++) packed[k * PANEL + j + i] = from[(long)i * stride + k];
        }
    }
    for (; j < PANEL; j++) {
        for (int k = 0; k < depth; k++) packed[k * PANEL + j] = j < width ? matrix[(long)j * stride + k] : 0;
    }
}

void LOOP(ck_pack_floats)(const float *matrix, int stride, int is_transposed, int columns, int depth, float *packed) {
    for (int start = 0; start < columns; start += PANEL, packed += (long)depth * PANEL) {
        int width = columns - start < PANEL ? columns - start : PANEL;
        if (is_transposed) {
            pack_columns(matrix + (long)start * stride, stride, width, depth, packed);
        } else if (width == PANEL) {
            pack_rows(matrix + start, stride, PANEL, depth, packed);
        } else {
            pack_rows(matrix + start, stride, width, depth, packed);
        }
    }
}

/* One panel of `rows` rows, which is a constant wherever this is inlined. */
INLINE void multiply_floats(int rows, const float *a, int a_stride, const float *packed, int depth, float scale,
                             float *c, int c_stride) {
    lanes sums[FLOAT_ROWS][2] = {{0}};
    for (int k = 0; k < depth; k++) {
        lanes first = load(packed + k * PANEL);
        lanes second = load(packed + k * PANEL + LANES);
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

void LOOP(ck_pack_bytes)(const int8_t *matrix, int columns, int depth, int8_t *packed) {
    for (int start = 0; start < columns; start += BYTE_PANEL) {
        for (int k = 0; k < depth; k += 4) {
            for (int j = start; j < start + BYTE_PANEL; j++, packed += 4) memcpy(packed, matrix + j * depth + k, 4);
        }
    }
}

/* One tile of `rows` rows, which is a constant wherever this is inlined. */
INLINE void multiply_bytes(int rows, const uint8_t *a, const int8_t *packed, int depth, int32_t *tile) {
    whole_lanes sums[BYTE_ROWS][BYTE_REGISTERS] = {{0}};
    for (int k = 0; k < depth; k += 4) {
        whole_lanes weights[BYTE_REGISTERS];
#pragma clang loop unroll(full)
        for (int j = 0; j < BYTE_REGISTERS; j++) weights[j] = load_bytes(packed + (long)k * BYTE_PANEL + j * LANES * 4);
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            int32_t four;
            memcpy(&four, a + (long)row * depth + k, sizeof four);
            whole_lanes values = four;
#pragma clang loop unroll(full)
            for (int j = 0; j < BYTE_REGISTERS; j++) sums[row][j] = DOT(sums[row][j], values, weights[j]);
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) memcpy(tile + row * BYTE_PANEL, sums[row], sizeof sums[row]);
}

/* The operands of a projection; see `ck_project_bytes`. */
struct byte_rows {
    const uint8_t *bytes;
    const float *steps;
    const float *zeros;
    int count;
};

struct byte_layer {
    const int8_t *packed;
    const float *scales;
    const float *sums;
    const float *bias;
    int columns;
    int depth;
};

/* What the products of a tile become, while they are near. */
INLINE void finish_tile(ck_ending ending, const int32_t *tile, int count, const struct byte_rows *rows, int row,
                        const struct byte_layer *layer, int start, float *output) {
    for (int j = 0; j < BYTE_PANEL; j += LANES) {
        lanes sums = load(layer->sums + start + j);
        lanes scales = load(layer->scales + start + j);
        lanes bias = load(layer->bias + start + j);
        for (int i = 0; i < count; i++) {
            lanes products = __builtin_convertvector(load_bytes((const int8_t *)(tile + i * BYTE_PANEL + j)), lanes);
            lanes centred = products - sums * rows->zeros[row + i];
            lanes values = centred * (scales * rows->steps[row + i]) + bias;
            finish(ending, values, output + (long)(row + i) * layer->columns + start + j);
        }
    }
}

INLINE void project_bytes(ck_ending ending, const struct byte_rows *rows, const struct byte_layer *layer,
                          float *output) {
    const int8_t *packed = layer->packed;
    int depth = layer->depth;
    for (int start = 0; start < layer->columns; start += BYTE_PANEL, packed += (long)depth * BYTE_PANEL) {
        int32_t tile[BYTE_ROWS * BYTE_PANEL];
        int row = 0;
#define BYTES(height) \
    for (; row + (height) <= rows->count; row += (height)) { \
        multiply_bytes(height, rows->bytes + (long)row * depth, packed, depth, tile); \
        finish_tile(ending, tile, height, rows, row, layer, start, output); \
    }
        BYTES(BYTE_ROWS)
        BYTES(BYTE_ROWS / 2)
        BYTES(1)
    }
}

/* Each ending gets loops of its own: the switch inside `finish` is decided by the constant. */
void LOOP(ck_project_bytes)(ck_ending ending, const uint8_t *bytes, const float *steps, const float *zeros, int rows,
                            const int8_t *packed, const float *scales, const float *sums, const float *bias,
                            int columns, int depth, float *output) {
    struct byte_rows left = {bytes, steps, zeros, rows};
    struct byte_layer right = {packed, scales, sums, bias, columns, depth};
    switch (ending) {
    case CK_ASSIGN: project_bytes(CK_ASSIGN, &left, &right, output); break;
    case CK_GELU: project_bytes(CK_GELU, &left, &right, output); break;
    case CK_ADD: project_bytes(CK_ADD, &left, &right, output); break;
    }
}
