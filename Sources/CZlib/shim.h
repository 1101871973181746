#pragma once

#include <zlib.h>

// zlib's own names for these are macros with arguments, which Swift does not see.
static inline int ringside_deflateInit2(z_stream *stream, int level, int windowBits, int memoryLevel) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
}

static inline int ringside_inflateInit2(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}
