import NIOCore

/// Where small frames for one connection are laid side by side, so that a burst of them is one system call.
///
/// One per event loop thread: it is filled and emptied within a single call.
final class GatherBuffer {
    /// As much as is worth handing to the kernel at once; a frame of this size goes alone.
    static let bytesMax = 65_536

    private let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: bytesMax, alignment: 16)
    private static let owned = ThreadOwned<GatherBuffer>()

    /// The calling event loop's own.
    static var current: GatherBuffer { owned.value { GatherBuffer() } }

    deinit {
        storage.deallocate()
    }

    /// How many of `frames` fit together: at least one, however long.
    static func count(of frames: ArraySlice<ByteBuffer>) -> Int {
        var bytes = 0
        var count = 0
        for frame in frames {
            bytes += frame.readableBytes
            guard count == 0 || bytes <= bytesMax else { break }
            count += 1
        }
        return count
    }

    /// Calls `body` with the bytes of all `frames`, which must fit (see ``count(of:)``).
    func withBytes<Result>(of frames: ArraySlice<ByteBuffer>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var bytes = 0
        for frame in frames {
            frame.withUnsafeReadableBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: storage[bytes...]).copyMemory(from: source)
                bytes += source.count
            }
        }
        return body(UnsafeRawBufferPointer(rebasing: storage[..<bytes]))
    }
}

@available(*, unavailable)
extension GatherBuffer: Sendable {}
