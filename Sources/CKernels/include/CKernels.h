#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

/*
 * The loops of the embedding model: over every float of a row, and its matrix products, compiled once for each level of
 * the processor.
 *
 * Swift 6 compiles for one level only, the lowest there is. These are small and have no branches but loops; compiled
 * for AVX2 all but layer normalisation take about half the time that they take at the baseline.
 * Every count of a row is a positive multiple of 16; pointers need no alignment; operands do not overlap.
 */

/* How much of the processor to use. */
typedef enum ck_level {
    CK_BASELINE = 0, /* What every processor of the architecture has. */
    CK_AVX2 = 1,     /* x86-64 with AVX2 and FMA. */
    CK_AVX512 = 2    /* x86-64 with AVX-512 and VNNI. */
} ck_level;

/* What becomes of a projected row. */
typedef enum ck_ending {
    CK_ASSIGN = 0, /* It is stored. */
    CK_GELU = 1,   /* Its Gaussian error linear unit is stored. */
    CK_ADD = 2     /* It is added to what is there. */
} ck_ending;

/* The highest level that this processor has. */
ck_level ck_highest_level(void);

/*
 * Maps a row's range, with zero in it, to the bytes 0...levels. `*step` becomes what one step of the bytes is worth,
 * `*zero` the byte that stands for zero. Infinities and NaN give some bytes, no more.
 */
void ck_quantise(ck_level level, const float *row, int count, float levels, uint8_t *bytes, float *step, float *zero);

/* output = ending(product + bias), for a row of sums of products of floats. */
void ck_finish_floats(ck_level level, ck_ending ending, const float *products, int count, const float *bias,
                      float *output);

/* Brings a row to mean 0 and variance 1, then scales and shifts each column; in place. */
void ck_layer_norm(ck_level level, float *row, int count, const float *scale, const float *shift);

/*
 * Turns a row of scores into weights that add up to 1, in place. Here `count` may be any positive number: what is
 * between it and the next multiple of 16 must be writable, and becomes 0.
 */
void ck_softmax(ck_level level, float *row, int count);

/*
 * Matrix products, row-major, with the right operand packed beforehand: in panels of some columns, which lie in memory
 * as they are read. The level at which something is packed must be that of the product.
 */

enum {
    /* Packed floats, and the rows of a product of floats, have room for a multiple of so many columns. */
    CK_FLOAT_PANEL = 32,
    /* A packed matrix of bytes has a multiple of so many columns. */
    CK_BYTE_PANEL = 32
};

/*
 * Packs `depth` rows of `columns` floats, or, transposed, `columns` rows of `depth`. The stride is from row to row, in
 * floats.
 */
void ck_pack_floats(ck_level level, const float *matrix, int stride, int is_transposed, int columns, int depth,
                    float *packed);

/* c = scale * a * packed. The columns of c up to the next multiple of CK_FLOAT_PANEL get any values. */
void ck_multiply_floats(ck_level level, const float *a, int a_stride, const float *packed, int rows, int columns,
                        int depth, float scale, float *c, int c_stride);

/* Packs `columns` rows of `depth` bytes, a matrix read transposed; the depth is a multiple of 4. */
void ck_pack_bytes(ck_level level, const int8_t *matrix, int columns, int depth, int8_t *packed);

/*
 * output = ending((bytes * packed - zero * sums) * (step * scales) + bias), with nothing between the rows.
 *
 * `bytes`, `steps` and `zeros` are what `ck_quantise` made of the rows, at CK_AVX2 with 127 levels at most. `scales`,
 * `sums`, of the packed bytes, and `bias` have one float a column.
 */
void ck_project_bytes(ck_level level, ck_ending ending, const uint8_t *bytes, const float *steps, const float *zeros,
                      int rows, const int8_t *packed, const float *scales, const float *sums, const float *bias,
                      int columns, int depth, float *output);

#endif
