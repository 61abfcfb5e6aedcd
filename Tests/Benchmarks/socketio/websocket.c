#include "websocket.h"

#include <stdint.h>
#include <string.h>

// Not zero, so that a server has to unmask; not random, as nobody attacks a cache here.
static const unsigned char mask_key[4] = {0x37, 0xfa, 0x21, 0x3d};

static void mask(unsigned char *bytes, size_t length, const unsigned char *key)
{
    for (size_t i = 0; i < length; i++) bytes[i] ^= key[i & 3];
}

static uint64_t big_endian(const unsigned char *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++) value = value << 8 | bytes[i];
    return value;
}

int frame_parse(unsigned char *bytes, size_t available, struct frame *frame)
{
    if (available < 2) return 0;
    if ((bytes[0] & 0xf0) != 0x80) return -1;
    bool masked = bytes[1] & 0x80;
    uint64_t length = bytes[1] & 0x7f;
    unsigned wide = length == 127 ? 8 : length == 126 ? 2 : 0;
    size_t header = 2 + wide + (masked ? 4 : 0);
    if (available < header) return 0;
    if (wide) length = big_endian(bytes + 2, wide);
    if (length > 1 << 20) return -1;
    if (available < header + length) return 0;
    if (masked) mask(bytes + header, length, bytes + header - 4);
    *frame = (struct frame){bytes[0] & 15, (char *)bytes + header, length, header + length};
    return 1;
}

size_t frame_write(unsigned char *out, unsigned opcode, const void *payload, size_t length, bool masked)
{
    size_t header = 2;
    out[0] = 0x80 | opcode;
    if (length < 126) {
        out[1] = length;
    } else {
        unsigned wide = length < 65536 ? 2 : 8;
        out[1] = wide == 2 ? 126 : 127;
        for (unsigned i = 0; i < wide; i++) out[2 + i] = (uint64_t)length >> 8 * (wide - 1 - i);
        header += wide;
    }
    if (masked) {
        out[1] |= 0x80;
        memcpy(out + header, mask_key, 4);
        header += 4;
    }
    memcpy(out + header, payload, length);
    if (masked) mask(out + header, length, mask_key);
    return header + length;
}
