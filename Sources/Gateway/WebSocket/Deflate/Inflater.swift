import CZlib

/// Decompresses whole messages, each on its own (RFC 7692, section 7.2.2 without context takeover).
///
/// One per event loop thread: between two calls nothing of a message is left in it.
final class Inflater {
    private static let chunkBytes = 16_384

    private let stream: ZlibStream
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 16)
    /// The end that every message has and that does not travel.
    private let tail = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 4)

    private init?() {
        guard let stream = ZlibStream.inflating() else { return nil }
        self.stream = stream
        tail.copyBytes(from: [0x00, 0x00, 0xFF, 0xFF])
    }

    deinit {
        chunk.deallocate()
        tail.deallocate()
    }

    /// The message that was compressed. A bomb costs no more than `bytesMax` and one chunk.
    ///
    /// - Throws: ``FrameError/messageTooBig``; ``FrameError/invalidDeflate`` for data that are damaged, cut off, or refer to an earlier
    ///   message.
    func inflate(_ message: UnsafeRawBufferPointer, bytesMax: Int) throws(FrameError) -> [UInt8] {
        guard message.count <= UInt32.max, inflateReset(stream.pointer) == Z_OK else { throw .invalidDeflate }
        var output: [UInt8] = []
        _ = try read(message, into: &output, bytesMax: bytesMax)
        guard try read(UnsafeRawBufferPointer(tail), into: &output, bytesMax: bytesMax) else { throw .invalidDeflate }
        return output
    }

    /// - Returns: whether the input ends where a block of compressed data ends.
    private func read(_ input: UnsafeRawBufferPointer, into output: inout [UInt8], bytesMax: Int) throws(FrameError) -> Bool {
        stream.feed(input)
        while true {
            stream.drain(into: chunk)
            let status = CZlib.inflate(stream.pointer, Z_SYNC_FLUSH)
            let room = Int(stream.pointer.pointee.avail_out)
            guard chunk.count - room <= bytesMax - output.count else { throw .messageTooBig }
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<(chunk.count - room)]))
            var isAtBlockEnd = stream.pointer.pointee.data_type & Self.blockEnd != 0
            switch status {
            case Z_OK, Z_BUF_ERROR:
                break
            case Z_STREAM_END:
                // More blocks of the same message may follow one that is marked as the last (RFC 7692, section 7.2.3.4).
                guard inflateReset(stream.pointer) == Z_OK else { throw .invalidDeflate }
                isAtBlockEnd = true
            default:
                throw .invalidDeflate
            }
            if stream.pointer.pointee.avail_in == 0, isAtBlockEnd || room > 0 { return isAtBlockEnd }
        }
    }

    /// zlib's mark that it stands behind a block.
    private static let blockEnd: Int32 = 128

    private static let owned = ThreadOwned<Inflater>()

    /// The calling event loop's own; nil when there is no memory for one.
    static var current: Inflater? { owned.value(orTry: { Inflater() }) }
}

@available(*, unavailable)
extension Inflater: Sendable {}
