import NIOCore
import Synchronization
import Wire

/// One committed event on its way to the watchers of its channel: immutable, shared by all event loops, rings and deliveries.
final class Broadcast: Sendable {
    let channel: String
    let position: StreamPosition
    let data: RawJSON
    private let frames = Mutex<[ByteBuffer?]>([])

    init(channel: String, position: StreamPosition, data: RawJSON) {
        self.channel = channel
        self.position = position
        self.data = data
    }

    var offset: UInt64 { position.offset }

    var publication: Publication { Publication(data: data, offset: offset) }

    /// What holding on to it costs, about: the data and a frame of it.
    var retainedBytes: Int { 2 * data.bytes.count + 256 }

    /// The encoded frame, made by whoever asks first. The lock is taken once for each delivery to a whole audience, not for each watcher.
    func frame(for format: PublicationFormat) -> ByteBuffer {
        frames.withLock { frames in
            if frames.isEmpty { frames = Array(repeating: nil, count: PublicationFormat.Kind.allCases.count) }
            if let frame = frames[format.kind.rawValue] { return frame }
            let frame = format.encode(channel, publication)
            frames[format.kind.rawValue] = frame
            return frame
        }
    }
}
