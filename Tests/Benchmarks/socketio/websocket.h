// WebSocket frames (RFC 6455, section 5.2), for the load generator and for the physical limit.

#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>

enum { WS_TEXT = 1, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

// More than any header takes: 2 bytes, 8 of length, 4 of mask.
enum { WS_HEADER_LIMIT = 14 };

// The handshake's key and the answer to it that RFC 6455 uses as its example; every client here sends this one.
#define WS_KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define WS_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

// One whole frame, its payload unmasked where it was.
struct frame {
    unsigned opcode;
    char *text;
    size_t length;
    size_t size;  // with its header
};

// Reads the first frame: 1 if it is there, 0 if bytes are missing, -1 if it is none that belongs here
// (fragments and reserved bits have no place in either program).
int frame_parse(unsigned char *bytes, size_t available, struct frame *frame);

// Writes a frame and returns its size; `out` has room for `length` and WS_HEADER_LIMIT bytes.
size_t frame_write(unsigned char *out, unsigned opcode, const void *payload, size_t length, bool masked);

#endif
