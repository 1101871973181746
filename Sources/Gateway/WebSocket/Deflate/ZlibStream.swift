import CZlib

/// A `z_stream` at a place of its own, which zlib asks for: its state points back to it.
final class ZlibStream {
    private typealias Call = (UnsafeMutablePointer<z_stream>) -> Int32

    let pointer: UnsafeMutablePointer<z_stream>
    /// Gives back what zlib has allocated; nil while there is nothing.
    private var end: Call?

    /// A compressor without header or checksum; nil when there is no memory.
    ///
    /// - Parameters:
    ///   - windowBits: 9 to 15.
    ///   - level: 0 to 9.
    static func deflating(windowBits: Int32, level: Int32) -> ZlibStream? {
        ZlibStream(begin: { ringside_deflateInit2($0, level, -windowBits, memoryLevel) }, end: deflateEnd)
    }

    /// A decompressor of the same, whatever window the data were made with; nil when there is no memory.
    static func inflating() -> ZlibStream? {
        ZlibStream(begin: { ringside_inflateInit2($0, -MessageDeflate.windowBitsMax) }, end: inflateEnd)
    }

    /// zlib's own default.
    private static let memoryLevel: Int32 = 8

    private init?(begin: Call, end: @escaping Call) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: z_stream())
        guard begin(pointer) == Z_OK else { return nil }
        self.end = end
    }

    deinit {
        _ = end?(pointer)
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    /// Points zlib at what is to be read: at most 4 GiB, and messages are bounded far below that.
    func feed(_ bytes: UnsafeRawBufferPointer) {
        // zlib reads from there and never writes; its interface is older than `const`.
        pointer.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        pointer.pointee.avail_in = UInt32(clamping: bytes.count)
    }

    /// Points zlib at the room for its output.
    func drain(into bytes: UnsafeMutableRawBufferPointer) {
        pointer.pointee.next_out = bytes.bindMemory(to: UInt8.self).baseAddress
        pointer.pointee.avail_out = UInt32(clamping: bytes.count)
    }
}

@available(*, unavailable)
extension ZlibStream: Sendable {}
