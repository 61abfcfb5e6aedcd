/*
 * The loops themselves. Included once for each level by a file that defines LOOP(name), the name of its version.
 *
 * Eight floats at a time by vectors of the compiler (an extension of clang), which become two registers where
 * the processor has none so wide.
 */

#include "CKernels.h"

#include <math.h>
#include <string.h>

typedef float floats8 __attribute__((ext_vector_type(8)));
typedef int32_t ints8 __attribute__((ext_vector_type(8)));
typedef uint8_t bytes8 __attribute__((ext_vector_type(8)));

/* Adding it to a float of magnitude below 2^22 rounds to a whole number, which then stands in the low bits. */
static const float rounder = 12582912.0f;
static const int32_t rounder_bits = 0x4B400000;

/* The helpers are always inlined, so how they would pass such vectors is no matter. */
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

INLINE floats8 load(const float *from) {
    floats8 values;
    memcpy(&values, from, sizeof values);
    return values;
}

INLINE void store(float *to, floats8 values) { memcpy(to, &values, sizeof values); }

INLINE floats8 all(float value) { return (floats8){value, value, value, value, value, value, value, value}; }

INLINE floats8 larger(floats8 a, floats8 b) { return a > b ? a : b; }

INLINE floats8 smaller(floats8 a, floats8 b) { return a < b ? a : b; }

INLINE float sum(floats8 v) { return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])); }

INLINE float largest(floats8 v) {
    return fmaxf(fmaxf(fmaxf(v[0], v[4]), fmaxf(v[2], v[6])), fmaxf(fmaxf(v[1], v[5]), fmaxf(v[3], v[7])));
}

/* e^x to 2 units in the last place for -87...88; smaller arguments count as -87. */
INLINE floats8 exponential(floats8 x) {
    floats8 scaled = larger(x, all(-87.0f)) * 1.44269504f;
    floats8 shifted = scaled + rounder;
    floats8 rest = scaled - (shifted - rounder);
    ints8 whole = __builtin_bit_cast(ints8, shifted) - rounder_bits;

    /* 2 to the power of the rest, which is within 0.5 of zero, by its Taylor series. */
    floats8 power = rest * 1.540353e-4f + 1.3333558e-3f;
    power = power * rest + 9.618129e-3f;
    power = power * rest + 5.5504109e-2f;
    power = power * rest + 0.24022651f;
    power = power * rest + 0.69314718f;
    power = power * rest + 1.0f;
    return power * __builtin_bit_cast(floats8, (whole + 127) << 23);
}

/* x * Phi(x), with the error function to 2e-6 by a rational fit for magnitudes up to 3.95. */
INLINE floats8 gelu(floats8 x) {
    floats8 z = smaller(larger(x * 0.70710678f, all(-3.95f)), all(3.95f));
    floats8 square = z * z;
    floats8 top = square * -1.5734072e-7f + 4.8743163e-6f;
    top = top * square + 7.1697024e-4f;
    top = top * square + 4.386438e-2f;
    top = top * square + 0.14862871f;
    top = top * square + 1.12839103f;
    floats8 bottom = square * 9.495133e-3f + 9.3646273e-2f;
    bottom = bottom * square + 0.46515375f;
    bottom = bottom * square + 1.0f;
    return x * 0.5f * (1.0f + z * top / bottom);
}

INLINE void finish(ck_ending ending, floats8 values, float *output) {
    switch (ending) {
    case CK_ASSIGN: store(output, values); break;
    case CK_GELU: store(output, gelu(values)); break;
    case CK_ADD: store(output, load(output) + values); break;
    }
}

INLINE void finish_bytes(ck_ending ending, const int32_t *products, int count, float step, float zero,
                         const float *scales, const float *sums, const float *bias, float *output) {
    for (int i = 0; i < count; i += 8) {
        ints8 raw;
        memcpy(&raw, products + i, sizeof raw);
        floats8 centred = __builtin_convertvector(raw, floats8) - load(sums + i) * zero;
        finish(ending, centred * (load(scales + i) * step) + load(bias + i), output + i);
    }
}

INLINE void finish_floats(ck_ending ending, const float *products, int count, const float *bias, float *output) {
    for (int i = 0; i < count; i += 8) finish(ending, load(products + i) + load(bias + i), output + i);
}

void LOOP(ck_quantise)(const float *row, int count, float levels, uint8_t *bytes, float *step, float *zero) {
    floats8 low = all(0.0f);
    floats8 high = all(0.0f);
    for (int i = 0; i < count; i += 8) {
        floats8 values = load(row + i);
        low = smaller(low, values);
        high = larger(high, values);
    }
    float minimum = -largest(-low);
    float width = fmaxf((largest(high) - minimum) / levels, 1e-30f);
    float inverse = 1.0f / width;
    float offset = rintf(-minimum * inverse);
    *step = width;
    *zero = offset;

    for (int i = 0; i < count; i += 8) {
        floats8 scaled = smaller(larger(load(row + i) * inverse + offset, all(0.0f)), all(levels));
        ints8 whole = __builtin_bit_cast(ints8, scaled + rounder) - rounder_bits;
        bytes8 narrow = __builtin_convertvector(whole, bytes8);
        memcpy(bytes + i, &narrow, sizeof narrow);
    }
}

/* Each ending gets a loop of its own: the switch inside `finish` is decided by the constant. */
void LOOP(ck_finish_bytes)(ck_ending ending, const int32_t *products, int count, float step, float zero,
                           const float *scales, const float *sums, const float *bias, float *output) {
    switch (ending) {
    case CK_ASSIGN: finish_bytes(CK_ASSIGN, products, count, step, zero, scales, sums, bias, output); break;
    case CK_GELU: finish_bytes(CK_GELU, products, count, step, zero, scales, sums, bias, output); break;
    case CK_ADD: finish_bytes(CK_ADD, products, count, step, zero, scales, sums, bias, output); break;
    }
}

void LOOP(ck_finish_floats)(ck_ending ending, const float *products, int count, const float *bias, float *output) {
    switch (ending) {
    case CK_ASSIGN: finish_floats(CK_ASSIGN, products, count, bias, output); break;
    case CK_GELU: finish_floats(CK_GELU, products, count, bias, output); break;
    case CK_ADD: finish_floats(CK_ADD, products, count, bias, output); break;
    }
}

void LOOP(ck_layer_norm)(float *row, int count, const float *scale, const float *shift) {
    floats8 total = all(0.0f);
    for (int i = 0; i < count; i += 8) total += load(row + i);
    float mean = sum(total) / (float)count;

    floats8 squares = all(0.0f);
    for (int i = 0; i < count; i += 8) {
        floats8 centred = load(row + i) - mean;
        squares += centred * centred;
    }
    float factor = 1.0f / sqrtf(sum(squares) / (float)count + 1e-12f);
    for (int i = 0; i < count; i += 8) {
        store(row + i, (load(row + i) - mean) * factor * load(scale + i) + load(shift + i));
    }
}

void LOOP(ck_softmax)(float *row, int count) {
    int end = (count + 7) & ~7;
    for (int i = count; i < end; i++) row[i] = -INFINITY;
    floats8 high = load(row);
    for (int i = 8; i < end; i += 8) high = larger(high, load(row + i));
    float maximum = largest(high);

    floats8 total = all(0.0f);
    for (int i = 0; i < end; i += 8) {
        floats8 power = exponential(load(row + i) - maximum);
        store(row + i, power);
        total += power;
    }
    float factor = 1.0f / sum(total);
    for (int i = 0; i < end; i += 8) store(row + i, load(row + i) * factor);
}
