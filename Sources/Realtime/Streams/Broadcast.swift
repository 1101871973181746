import NIOCore
import Synchronization
import Wire

/// What everyone who watches a channel is told: immutable, shared by all event loops, rings and deliveries.
///
/// A committed event has a place in its channel's log. What is true for a moment only has none: a publication in a channel without a log,
/// and who joins or leaves.
final class Broadcast: Sendable {
    enum Content: Sendable {
        case publication(Publication)
        case join(ClientInfo)
        case leave(ClientInfo)
    }

    let channel: String
    let position: StreamPosition
    let content: Content
    /// When it was handed to the event loops; nil for what was read from the log.
    let handedOverAt: NIODeadline?
    /// How a publication is written down.
    private enum Form {
        case plain
        /// For those who were granted deltas: whole, and as the difference from the entry before, of which there is one only.
        case whole, delta
    }

    /// Encoded frames, one for each format and form in use: few enough to look through.
    private let frames = Mutex<[(kind: PublicationFormat.Kind, form: Form, frame: ByteBuffer)]>([])

    private init(channel: String, position: StreamPosition, content: Content, handedOverAt: NIODeadline?) {
        self.channel = channel
        self.position = position
        self.content = content
        self.handedOverAt = handedOverAt
    }

    /// An entry of the channel's log.
    convenience init(
        channel: String, position: StreamPosition, data: RawJSON, tags: [String: String] = [:], info: ClientInfo? = nil,
        handedOverAt: NIODeadline? = nil
    ) {
        let publication = Publication(data: data, info: info, offset: position.offset, tags: tags)
        self.init(channel: channel, position: position, content: .publication(publication), handedOverAt: handedOverAt)
    }

    /// Something that nobody keeps.
    convenience init(ephemeral content: Content, on channel: String) {
        self.init(channel: channel, position: StreamPosition(epoch: "", offset: 0), content: content, handedOverAt: .now())
    }

    var offset: UInt64 { position.offset }

    /// It has no place in a log: who is not there does not get it, and nobody misses it.
    var isEphemeral: Bool { position.offset == 0 }

    /// Only for subscribers who want to know who comes and goes.
    var isJoinOrLeave: Bool {
        if case .publication = content { false } else { true }
    }

    var publication: Publication? {
        if case .publication(let publication) = content { publication } else { nil }
    }

    /// What holding on to it costs, about: the data and a frame of it.
    var retainedBytes: Int { 2 * (publication?.data.bytes.count ?? 128) + 256 }

    /// The encoded frame, made by whoever asks first. The lock is taken once for each delivery to a whole audience, not for each watcher.
    func frame(for format: PublicationFormat) -> ByteBuffer { frame(.plain, for: format) { push } }

    /// The same for those who were granted deltas.
    ///
    /// - Parameter base: The entry before this one in the log, where the receiver had that last; nil to send the whole.
    func deltaFrame(for format: PublicationFormat, after base: Broadcast?) -> ByteBuffer {
        guard let publication, let codec = format.deltaCodec else { return frame(for: format) }
        return frame(base == nil ? .whole : .delta, for: format) {
            Push(channel: channel, body: .publication(codec.deltaPublication(publication, after: base?.publication?.data)))
        }
    }

    /// Whether it is the entry of the log right before another one, so that there is one difference between the two, for everybody.
    func precedes(_ next: Broadcast) -> Bool {
        !isEphemeral && position.epoch == next.position.epoch && offset + 1 == next.offset
    }

    private func frame(_ form: Form, for format: PublicationFormat, _ push: () -> Push) -> ByteBuffer {
        frames.withLock { frames in
            if let known = frames.first(where: { $0.kind == format.kind && $0.form == form }) { return known.frame }
            let frame = format.encode(push())
            frames.append((format.kind, form, frame))
            return frame
        }
    }

    private var push: Push {
        switch content {
        case .publication(let publication): Push(channel: channel, body: .publication(publication))
        case .join(let info): Push(channel: channel, body: .join(info))
        case .leave(let info): Push(channel: channel, body: .leave(info))
        }
    }
}
