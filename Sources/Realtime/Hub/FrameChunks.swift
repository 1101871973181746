import NIOCore

/// Frames laid end to end.
enum FrameChunks {
    /// As much as is worth handing to the kernel at once; a longer frame goes alone.
    private static let chunkBytesMax = 65_536

    static func joined(_ frames: [ByteBuffer]) -> [ByteBuffer] {
        guard frames.count > 1 else { return frames }
        var chunks: [ByteBuffer] = []
        for var frame in frames {
            if let last = chunks.last, last.readableBytes + frame.readableBytes <= chunkBytesMax {
                chunks[chunks.count - 1].writeBuffer(&frame)
            } else {
                chunks.append(frame)
            }
        }
        return chunks
    }
}
