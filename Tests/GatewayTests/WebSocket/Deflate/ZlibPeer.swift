import CZlib

/// The other side's zlib, used the plain way: a context of its own for every call.
enum ZlibPeer {
    struct Failure: Error {
        let status: Int32
    }

    static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    /// Raw compressed data that end with a flush, so with the four bytes of ``tail``.
    static func deflate(_ bytes: [UInt8], level: Int32 = 6, windowBits: Int32 = 15) throws -> [UInt8] {
        var stream = z_stream()
        try check(ringside_deflateInit2(&stream, level, -windowBits, 8))
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 1_000)
        try input.withUnsafeMutableBufferPointer { input in
            try output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                try check(CZlib.deflate(&stream, Z_SYNC_FLUSH))
            }
        }
        return Array(output.dropLast(Int(stream.avail_out)))
    }

    /// A message's payload as it travels (RFC 7692, section 7.2.1).
    static func message(_ bytes: [UInt8], level: Int32 = 6, windowBits: Int32 = 15) throws -> [UInt8] {
        Array(try deflate(bytes, level: level, windowBits: windowBits).dropLast(tail.count))
    }

    /// What a client with that window reads from a message's payload.
    static func read(_ payload: [UInt8], windowBits: Int32 = 15, bytesMax: Int = 1 << 24) throws -> [UInt8] {
        var stream = z_stream()
        try check(ringside_inflateInit2(&stream, -windowBits))
        defer { inflateEnd(&stream) }
        var input = payload + tail
        var output = [UInt8](repeating: 0, count: bytesMax)
        try input.withUnsafeMutableBufferPointer { input in
            try output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                try check(inflate(&stream, Z_SYNC_FLUSH))
            }
        }
        guard stream.avail_in == 0 else { throw Failure(status: Z_BUF_ERROR) }
        return Array(output.dropLast(Int(stream.avail_out)))
    }

    private static func check(_ status: Int32) throws {
        guard status == Z_OK else { throw Failure(status: status) }
    }
}
