// The handshake's only arithmetic (RFC 6455 section 4.2.2): base64 of the SHA-1 of key and GUID.
#ifndef SHA1_H
#define SHA1_H

#include <stddef.h>

// Writes 28 characters and a terminating zero. `length` is at most 119: two blocks.
void websocket_accept(const char *text, size_t length, char accept[29]);

#endif
