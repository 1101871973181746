#include "sha1.h"

#include <stdint.h>
#include <string.h>

static uint32_t rotate(uint32_t value, unsigned bits) { return value << bits | value >> (32 - bits); }

static void digest_block(uint32_t state[5], const unsigned char block[64]) {
    uint32_t words[80];
    for (int index = 0; index < 16; index++) {
        const unsigned char *bytes = block + index * 4;
        words[index] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    }
    for (int index = 16; index < 80; index++) {
        words[index] = rotate(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int index = 0; index < 80; index++) {
        uint32_t mix, constant;
        if (index < 20) {
            mix = (b & c) | (~b & d);
            constant = 0x5A827999;
        } else if (index < 40) {
            mix = b ^ c ^ d;
            constant = 0x6ED9EBA1;
        } else if (index < 60) {
            mix = (b & c) | (b & d) | (c & d);
            constant = 0x8F1BBCDC;
        } else {
            mix = b ^ c ^ d;
            constant = 0xCA62C1D6;
        }
        uint32_t next = rotate(a, 5) + mix + e + constant + words[index];
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void websocket_accept(const char *text, size_t length, char accept[29]) {
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char blocks[128] = {0};
    if (length > 119) length = 119;
    memcpy(blocks, text, length);
    blocks[length] = 0x80;
    size_t total = length < 56 ? 64 : 128;
    blocks[total - 2] = (unsigned char)(length * 8 >> 8);
    blocks[total - 1] = (unsigned char)(length * 8);
    for (size_t start = 0; start < total; start += 64) digest_block(state, blocks + start);

    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char digest[21] = {0};
    for (int index = 0; index < 20; index++) digest[index] = (unsigned char)(state[index / 4] >> (24 - index % 4 * 8));
    for (int group = 0; group < 7; group++) {
        uint32_t bits = (uint32_t)digest[group * 3] << 16 | (uint32_t)digest[group * 3 + 1] << 8 | digest[group * 3 + 2];
        for (int index = 0; index < 4; index++) accept[group * 4 + index] = alphabet[bits >> (18 - index * 6) & 63];
    }
    accept[27] = '=';
    accept[28] = 0;
}
