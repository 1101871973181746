import NIOCore

/// The frames of one connection that wait for their turn on the socket. Pure: it counts and orders, the connection writes.
struct OutboundQueue {
    private let bytesMax: Int
    private(set) var frames: [ByteBuffer] = []
    private(set) var bytes = 0
    private var pong: ByteBuffer?

    /// Up to so many places are kept when the queue empties: a broadcast should not allocate, an old burst should not be remembered.
    private static let capacityKept = 4

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    var isEmpty: Bool { frames.isEmpty && pong == nil }

    /// Whether a frame of so many bytes stays within the bound, next to `bytesElsewhere` that already left the queue.
    func hasRoom(for frameBytes: Int, bytesElsewhere: Int) -> Bool {
        frameBytes <= bytesMax - bytes - bytesElsewhere
    }

    /// Appends a frame. Control frames come without asking ``hasRoom(for:bytesElsewhere:)``: there must always be room to say goodbye.
    mutating func append(_ frame: ByteBuffer) {
        bytes += frame.readableBytes
        frames.append(frame)
    }

    /// Keeps the answer to the latest ping only, as RFC 6455, section 5.5.3 permits: a peer that pings but never reads costs one frame.
    mutating func replacePong(_ frame: ByteBuffer) {
        pong = frame
    }

    /// Puts the waiting pong where it may go: between two frames, before everything else.
    mutating func placePong() {
        guard let pong else { return }
        self.pong = nil
        bytes += pong.readableBytes
        frames.insert(pong, at: 0)
    }

    /// Takes the first `count` frames out, of which the first `sent` bytes are written. Returns what is left of them: mostly nothing.
    mutating func removeFirst(_ count: Int, sent: Int) -> [ByteBuffer] {
        var remaining: [ByteBuffer] = []
        var sentBytes = sent
        for index in 0..<count {
            let frameBytes = frames[index].readableBytes
            bytes -= frameBytes
            if sentBytes < frameBytes {
                var frame = frames[index]
                frame.moveReaderIndex(forwardBy: sentBytes)
                remaining.append(frame)
            }
            sentBytes = max(0, sentBytes - frameBytes)
        }
        if count == frames.count {
            frames.removeAll(keepingCapacity: frames.capacity <= Self.capacityKept)
        } else {
            frames.removeFirst(count)
        }
        return remaining
    }

    /// Drops everything, pongs too.
    mutating func removeAll() {
        frames = []
        bytes = 0
        pong = nil
    }
}
