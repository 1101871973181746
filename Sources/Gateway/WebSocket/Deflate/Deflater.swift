import CZlib
import NIOCore

/// Compresses whole messages, each on its own (RFC 7692, section 7.2.1 without context takeover).
///
/// One per event loop thread and window: 256 KB that a connection does not have to own.
final class Deflater {
    /// zlib's own middle between effort and result.
    private static let level: Int32 = 6
    private static let chunkBytes = 16_384

    private let stream: ZlibStream
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 16)

    private init?(windowBits: Int32) {
        guard let stream = ZlibStream.deflating(windowBits: windowBits, level: Self.level) else { return nil }
        self.stream = stream
    }

    deinit {
        chunk.deallocate()
    }

    /// Appends the compressed message. False when it did not become shorter: then `output` holds a part of it, and is of no use.
    func deflate(_ message: UnsafeRawBufferPointer, into output: inout ByteBuffer) -> Bool {
        guard message.count <= UInt32.max, deflateReset(stream.pointer) == Z_OK else { return false }
        let start = output.readableBytes
        // Four bytes at the end are the same for every message and do not travel.
        let bytesMax = message.count + Self.tailBytes
        stream.feed(message)
        repeat {
            stream.drain(into: chunk)
            guard CZlib.deflate(stream.pointer, Z_SYNC_FLUSH) != Z_STREAM_ERROR else { return false }
            output.writeBytes(UnsafeRawBufferPointer(rebasing: chunk[..<(chunk.count - Int(stream.pointer.pointee.avail_out))]))
            guard output.readableBytes - start < bytesMax else { return false }
        } while stream.pointer.pointee.avail_out == 0
        output.moveWriterIndex(to: output.writerIndex - Self.tailBytes)
        return true
    }

    private static let tailBytes = 4

    // MARK: The calling thread's own

    private final class ByWindow {
        var deflaters: [Int32: Deflater] = [:]
    }

    private static let owned = ThreadOwned<ByWindow>()

    /// The calling event loop's own; nil when there is no memory for one.
    ///
    /// - Parameter windowBits: 9 to 15.
    static func current(windowBits: Int32) -> Deflater? {
        let own = owned.value { ByWindow() }
        if let deflater = own.deflaters[windowBits] { return deflater }
        let deflater = Deflater(windowBits: windowBits)
        own.deflaters[windowBits] = deflater
        return deflater
    }
}

@available(*, unavailable)
extension Deflater: Sendable {}
