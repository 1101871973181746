/// The masking of RFC 6455, section 5.3: an exclusive or with a repeated key of four bytes, its own inverse.
enum Masking {
    /// Applies `mask` in place, eight bytes at a time.
    ///
    /// - Parameter offset: How many bytes of the same frame came before: a payload may arrive in pieces of any length.
    static func apply(_ mask: UInt32, to bytes: UnsafeMutableRawBufferPointer, offset: Int) {
        let bitsToTurn = UInt32(offset & 3) * 8
        let key = turned(mask, by: bitsToTurn)
        let wide = UInt64(key) << 32 | UInt64(key)
        var index = 0
        while index + 8 <= bytes.count {
            bytes.storeBytes(of: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ wide, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        withUnsafeBytes(of: wide) { keyBytes in
            while index < bytes.count {
                bytes[index] ^= keyBytes[index & 7]
                index += 1
            }
        }
    }

    /// The key as it lies in memory, beginning with a later one of its bytes.
    private static func turned(_ mask: UInt32, by bits: UInt32) -> UInt32 {
        let little = UInt32(littleEndian: mask)
        return (little >> bits | little << ((32 - bits) & 31)).littleEndian
    }
}
