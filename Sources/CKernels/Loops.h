/*
 * The loops themselves. Included once for each level by a file that defines LOOP(name), the name of its version, and
 * LANES, the floats of a register: vectors of the compiler (an extension of clang) hold so many.
 */

#include "CKernels.h"

#include <math.h>
#include <string.h>

typedef float lanes __attribute__((ext_vector_type(LANES)));
typedef float floats2 __attribute__((ext_vector_type(2)));
typedef float floats4 __attribute__((ext_vector_type(4)));
typedef float floats8 __attribute__((ext_vector_type(8)));
typedef float floats16 __attribute__((ext_vector_type(16)));
typedef int32_t whole_lanes __attribute__((ext_vector_type(LANES)));
typedef uint8_t byte_lanes __attribute__((ext_vector_type(LANES)));

/* Adding it to a float of magnitude below 2^22 rounds to a whole number, which then stands in the low bits. */
static const float rounder = 12582912.0f;
static const int32_t rounder_bits = 0x4B400000;

/* The helpers are always inlined, so how they would pass such vectors is no matter. */
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

INLINE lanes load(const float *from) {
    lanes values;
    memcpy(&values, from, sizeof values);
    return values;
}

INLINE void store(float *to, lanes values) { memcpy(to, &values, sizeof values); }

INLINE lanes all(float value) { return (lanes)value; }

INLINE lanes larger(lanes a, lanes b) { return a > b ? a : b; }

INLINE lanes smaller(lanes a, lanes b) { return a < b ? a : b; }

/* What the lanes come to, halves upon halves. */
#define FOLD(name, operation) \
    INLINE float name##_4(floats4 v) { \
        floats2 two = operation(v.lo, v.hi); \
        return operation(two.x, two.y); \
    } \
    INLINE float name##_8(floats8 v) { return name##_4(operation(v.lo, v.hi)); } \
    INLINE float name##_16(floats16 v) { return name##_8(operation(v.lo, v.hi)); }
#define SUM(a, b) ((a) + (b))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
FOLD(sum, SUM)
FOLD(largest, LARGER)
#define CONCATENATED(name, count) name##_##count
#define FOLDED(name, count) CONCATENATED(name, count)
#define sum FOLDED(sum, LANES)
#define largest FOLDED(largest, LANES)

/* e^x to 2 units in the last place for -87...88; smaller arguments count as -87. */
INLINE lanes exponential(lanes x) {
    lanes scaled = larger(x, all(-87.0f)) * 1.44269504f;
    lanes shifted = scaled + rounder;
    lanes rest = scaled - (shifted - rounder);
    whole_lanes whole = __builtin_bit_cast(whole_lanes, shifted) - rounder_bits;

    /* 2 to the power of the rest, which is within 0.5 of zero, by its Taylor series. */
    lanes power = rest * 1.540353e-4f + 1.3333558e-3f;
    power = power * rest + 9.618129e-3f;
    power = power * rest + 5.5504109e-2f;
    power = power * rest + 0.24022651f;
    power = power * rest + 0.69314718f;
    power = power * rest + 1.0f;
    return power * __builtin_bit_cast(lanes, (whole + 127) << 23);
}

/* x * Phi(x), with the error function to 2e-6 by a rational fit for magnitudes up to 3.95. */
INLINE lanes gelu(lanes x) {
    lanes z = smaller(larger(x * 0.70710678f, all(-3.95f)), all(3.95f));
    lanes square = z * z;
    lanes top = square * -1.5734072e-7f + 4.8743163e-6f;
    top = top * square + 7.1697024e-4f;
    top = top * square + 4.386438e-2f;
    top = top * square + 0.14862871f;
    top = top * square + 1.12839103f;
    lanes bottom = square * 9.495133e-3f + 9.3646273e-2f;
    bottom = bottom * square + 0.46515375f;
    bottom = bottom * square + 1.0f;
    return x * 0.5f * (1.0f + z * top / bottom);
}

INLINE void finish(ck_ending ending, lanes values, float *output) {
    switch (ending) {
    case CK_ASSIGN: store(output, values); break;
    case CK_GELU: store(output, gelu(values)); break;
    case CK_ADD: store(output, load(output) + values); break;
    }
}

INLINE void finish_floats(ck_ending ending, const float *products, int count, const float *bias, float *output) {
    for (int i = 0; i < count; i += LANES) finish(ending, load(products + i) + load(bias + i), output + i);
}

void LOOP(ck_quantise)(const float *row, int count, float levels, uint8_t *bytes, float *step, float *zero) {
    lanes low = all(0.0f);
    lanes high = all(0.0f);
    for (int i = 0; i < count; i += LANES) {
        lanes values = load(row + i);
        low = smaller(low, values);
        high = larger(high, values);
    }
    float minimum = -largest(-low);
    float width = fmaxf((largest(high) - minimum) / levels, 1e-30f);
    float inverse = 1.0f / width;
    float offset = rintf(-minimum * inverse);
    *step = width;
    *zero = offset;

    for (int i = 0; i < count; i += LANES) {
        lanes scaled = smaller(larger(load(row + i) * inverse + offset, all(0.0f)), all(levels));
        whole_lanes whole = __builtin_bit_cast(whole_lanes, scaled + rounder) - rounder_bits;
        byte_lanes narrow = __builtin_convertvector(whole, byte_lanes);
        memcpy(bytes + i, &narrow, sizeof narrow);
    }
}

/* Each ending gets a loop of its own: the switch inside `finish` is decided by the constant. */
void LOOP(ck_finish_floats)(ck_ending ending, const float *products, int count, const float *bias, float *output) {
    switch (ending) {
    case CK_ASSIGN: finish_floats(CK_ASSIGN, products, count, bias, output); break;
    case CK_GELU: finish_floats(CK_GELU, products, count, bias, output); break;
    case CK_ADD: finish_floats(CK_ADD, products, count, bias, output); break;
    }
}

void LOOP(ck_layer_norm)(float *row, int count, const float *scale, const float *shift) {
    lanes total = all(0.0f);
    for (int i = 0; i < count; i += LANES) total += load(row + i);
    float mean = sum(total) / (float)count;

    lanes squares = all(0.0f);
    for (int i = 0; i < count; i += LANES) {
        lanes centred = load(row + i) - mean;
        squares += centred * centred;
    }
    float factor = 1.0f / sqrtf(sum(squares) / (float)count + 1e-12f);
    for (int i = 0; i < count; i += LANES) {
        store(row + i, (load(row + i) - mean) * factor * load(scale + i) + load(shift + i));
    }
}

void LOOP(ck_softmax)(float *row, int count) {
    int end = (count + LANES - 1) / LANES * LANES;
    for (int i = count; i < end; i++) row[i] = -INFINITY;
    lanes high = load(row);
    for (int i = LANES; i < end; i += LANES) high = larger(high, load(row + i));
    float maximum = largest(high);

    lanes total = all(0.0f);
    for (int i = 0; i < end; i += LANES) {
        lanes power = exponential(load(row + i) - maximum);
        store(row + i, power);
        total += power;
    }
    float factor = 1.0f / sum(total);
    for (int i = 0; i < end; i += LANES) store(row + i, load(row + i) * factor);
}
