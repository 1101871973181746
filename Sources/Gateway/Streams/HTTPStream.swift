import NIOCore
import NIOHTTP1
import Realtime
import Wire

/// A streamed answer as the way out of a session: the sending half of the connection, and the end of both. Bound to its event loop.
///
/// What the kernel does not take at once is left to the channel, a chunk at a time; everything behind it waits here, where it is counted
/// and can still be dropped. A stream has no close frame: a disconnect push and the end of the body stand for it.
final class HTTPStream {
    /// Called once when the stream has begun to end, whoever ended it, with the reason where the server did. In a loop turn of its own.
    var onClosed: ((Disconnect?) -> Void)?
    var onWritable: (() -> Void)?

    private let framing: StreamFraming
    private let codec: any ClientCodec
    private let configuration: HTTPStreamConfiguration
    private let eventLoop: any EventLoop
    private let opened: NIODeadline
    private var context: ChannelHandlerContext?

    private var queue: [ByteBuffer] = []
    private var queueBytes = 0
    /// Bytes the channel holds.
    private var channelBytes = 0
    private var lastProgress = NIODeadline.uptimeNanoseconds(0)
    private var isFlushScheduled = false
    private var wasBlocked = false

    private enum Ending {
        case open
        /// Nothing more is accepted; the goodbye is queued, or will be when the stream has lived long enough.
        case closing
        /// The goodbye is queued: with the queue the body ends.
        case last
        case ended
    }

    private var ending = Ending.open
    private var deadline: Scheduled<Void>?

    /// As much as is handed to the channel at once.
    private static let chunkBytesMax = 65_536
    /// A partly drained chunk counts as progress in steps of so many bytes.
    private static let sliceBytesMax = 16_384

    init(
        framing: StreamFraming, codec: any ClientCodec, configuration: HTTPStreamConfiguration, in context: ChannelHandlerContext
    ) {
        self.framing = framing
        self.codec = codec
        self.configuration = configuration
        self.context = context
        eventLoop = context.eventLoop
        opened = .now()
    }

    /// Sends the head of the answer and whatever must come first.
    func begin(_ head: HTTPResponseHead) {
        context?.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
        guard let preface = framing.preface else {
            context?.flush()
            return
        }
        enqueue(preface)
        flush()
    }

    // MARK: Sending

    private func accept(_ frame: ByteBuffer) {
        guard ending == .open, context != nil, frame.readableBytes > 0 else { return }
        if !hasRoom(for: frame) {
            flush()  // a long turn may fill the queue of a client that reads well
        }
        guard hasRoom(for: frame) else {
            queue = []
            queueBytes = 0
            return close(.slow)
        }
        enqueue(frame)
    }

    private func hasRoom(for frame: ByteBuffer) -> Bool {
        frame.readableBytes <= configuration.queueBytesMax - queuedBytes
    }

    private func enqueue(_ frame: ByteBuffer) {
        queue.append(frame)
        queueBytes += frame.readableBytes
    }

    private func flushLater() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.assumeIsolated().execute { [self] in
            isFlushScheduled = false
            flush()
        }
    }

    private func write(_ chunk: ByteBuffer, to context: ChannelHandlerContext) {
        var chunk = chunk
        channelBytes = chunk.readableBytes
        lastProgress = .now()
        while let slice = chunk.readSlice(length: min(chunk.readableBytes, Self.sliceBytesMax)), slice.readableBytes > 0 {
            let bytes = slice.readableBytes
            let written = eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenSuccess { [self] in  // else the channel is closing, which it will say
                channelBytes -= bytes
                lastProgress = .now()
                if channelBytes == 0 { flush() }
            }
            context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(slice))), promise: written)
        }
        context.flush()
        if channelBytes > 0 { wasBlocked = true }
    }

    /// Everything that waits, up to what is handed on at once; a longer frame goes alone.
    private func nextChunk() -> ByteBuffer? {
        guard var chunk = queue.first else { return nil }
        var count = 1
        while count < queue.count, chunk.readableBytes + queue[count].readableBytes <= Self.chunkBytesMax {
            var frame = queue[count]
            chunk.writeBuffer(&frame)
            count += 1
        }
        queue.removeFirst(count)
        queueBytes -= chunk.readableBytes
        return chunk
    }

    // MARK: The end

    /// The client is gone, or the connection failed.
    func becameInactive() {
        end()
        context = nil
    }

    private func sayGoodbye(_ reason: Disconnect) {
        var message: [UInt8] = []
        codec.append(Push(body: .disconnect(reason)), to: &message)
        enqueue(framing.frame(message))
        ending = .last
        deadline = eventLoop.assumeIsolated().scheduleTask(in: configuration.closeTimeout) { [weak self] in self?.end() }
        flush()
    }

    private func endBody() {
        guard ending == .last, let context else { return }
        ending = .ended
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] _ in end() }
        context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)), promise: written)
    }

    /// Closes the TCP connection, whatever is still queued.
    private func end(_ reason: Disconnect? = nil) {
        ending = .ended
        queue = []
        queueBytes = 0
        deadline?.cancel()
        deadline = nil
        tellOwner(reason)
        context?.close(promise: nil)
    }

    private func tellOwner(_ reason: Disconnect?) {
        onWritable = nil
        guard let told = onClosed else { return }
        onClosed = nil
        eventLoop.assumeIsolated().execute { told(reason) }
    }
}

extension HTTPStream: SessionTransport {
    var queuedBytes: Int { queueBytes + channelBytes }

    func send(message: [UInt8]) {
        accept(framing.frame(message))
        flushLater()
    }

    func send(frame: ByteBuffer) { accept(frame) }

    /// There is no ping of the transport: every codec has one of its own.
    func sendPing(_ message: [UInt8]?) {
        guard let message, ending == .open, context != nil else { return }
        enqueue(framing.frame(message))
    }

    func flush() {
        while channelBytes == 0, let context, context.channel.isActive, let chunk = nextChunk() { write(chunk, to: context) }
        guard queuedBytes == 0 else { return }
        endBody()
        guard wasBlocked else { return }
        wasBlocked = false
        onWritable?()
    }

    func tick(now: NIODeadline) {
        guard channelBytes > 0, now - lastProgress >= configuration.stallTimeout else { return }
        end(.writeError)
    }

    func close(_ reason: Disconnect) {
        guard ending == .open else { return }
        ending = .closing
        tellOwner(reason)
        let soonest = opened + configuration.lifetimeMin
        guard soonest > .now() else { return sayGoodbye(reason) }
        deadline = eventLoop.assumeIsolated().scheduleTask(deadline: soonest) { [weak self] in self?.sayGoodbye(reason) }
    }
}

@available(*, unavailable)
extension HTTPStream: Sendable {}
