// The server's answer to a WebSocket handshake's key (RFC 6455, section 4.2.2).

#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include <stddef.h>

enum { ACCEPT_LENGTH = 28 };

// `accept` gets ACCEPT_LENGTH characters and a zero. Keys longer than 64 characters are cut.
void handshake_accept(const char *key, size_t length, char *accept);

#endif
