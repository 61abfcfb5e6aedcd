#include "handshake.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, DIGEST = 20, KEY_LIMIT = 64 };

static uint32_t rotate(uint32_t word, unsigned by) { return word << by | word >> (32 - by); }

// One step of SHA-1 (FIPS 180-4, section 6.1.2) over 64 bytes.
static void sha1_block(uint32_t *hash, const unsigned char *bytes)
{
    uint32_t words[80], a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4];
    for (int i = 0; i < 16; i++, bytes += 4)
        words[i] = (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    for (int i = 16; i < 80; i++) words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                  : (b ^ c ^ d) + 0xca62c1d6;
        uint32_t next = rotate(a, 5) + mixed + e + words[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d, hash[4] += e;
}

// SHA-1 of at most 119 bytes: two blocks at most.
static void sha1(const unsigned char *bytes, size_t length, unsigned char *digest)
{
    uint32_t hash[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    unsigned char padded[2 * BLOCK] = {0};
    size_t total = length + 9 > BLOCK ? 2 * BLOCK : BLOCK;
    memcpy(padded, bytes, length);
    padded[length] = 0x80;
    padded[total - 2] = length * 8 >> 8;
    padded[total - 1] = length * 8;
    for (size_t i = 0; i < total; i += BLOCK) sha1_block(hash, padded + i);
    for (int i = 0; i < DIGEST; i++) digest[i] = hash[i / 4] >> (24 - i % 4 * 8);
}

void handshake_accept(const char *key, size_t length, char *accept)
{
    static const char salt[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char text[KEY_LIMIT + sizeof salt], digest[DIGEST + 1] = {0};
    if (length > KEY_LIMIT) length = KEY_LIMIT;
    memcpy(text, key, length);
    memcpy(text + length, salt, sizeof salt - 1);
    sha1(text, length + sizeof salt - 1, digest);
    for (int i = 0; i < DIGEST; i += 3) {
        uint32_t bits = digest[i] << 16 | digest[i + 1] << 8 | digest[i + 2];
        for (int j = 0; j < 4; j++) *accept++ = digits[bits >> (18 - 6 * j) & 63];
    }
    // 20 bytes are 26 digits and two bits short of the 27th: the last is padding.
    accept[-1] = '=';
    *accept = 0;
}
