import NIOCore
import Realtime

/// The sending half of one connection, and the end of both. Bound to its event loop: every call must come from there.
///
/// Frames go straight to the socket. What the socket does not take at once, one chunk at a time, is left to the channel, which
/// reports when the peer reads again; everything behind it waits here, where it is counted and can still be dropped.
final class WebSocket {
    let eventLoop: any EventLoop

    /// Called when the queue is empty again after the socket had refused to take more. For senders that hold back (see ``isWritable``).
    var onWritable: (() -> Void)?

    /// What was agreed on about compression; nil for none.
    let deflate: MessageDeflate?

    private let closeTimeout: TimeAmount
    private let stallTimeout: TimeAmount
    private let sendsDirectly: Bool
    private var delegate: (any WebSocketDelegate)?
    private var context: ChannelHandlerContext?
    /// Clear from the moment everything is written until something waits or the connection ends, and never after.
    private(set) var directSocket: DirectSocket?

    private var queue: OutboundQueue
    /// Bytes the channel holds. While there are any, nothing may be written past it.
    private var channelBytes = 0
    private var lastProgress = NIODeadline.uptimeNanoseconds(0)
    private var isFlushing = false
    /// The channel writes, which may call back.
    private(set) var isWriting = false
    private var isFlushScheduled = false
    private var wasBlocked = false

    private var closing = CloseProgress()
    private var closeDeadline: Scheduled<Void>?

    /// A partly drained chunk counts as progress in steps of so many bytes. A record of TLS holds no more either (RFC 8446, section 5.1).
    private static let sliceBytesMax = 16_384

    init(
        eventLoop: any EventLoop, delegate: any WebSocketDelegate, configuration: WebSocketConfiguration, deflate: MessageDeflate? = nil
    ) {
        self.eventLoop = eventLoop
        self.delegate = delegate
        self.deflate = deflate
        self.closeTimeout = configuration.closeTimeout
        self.stallTimeout = configuration.stallTimeout
        self.sendsDirectly = configuration.sendsDirectly
        self.queue = OutboundQueue(bytesMax: configuration.queueBytesMax)
    }

    /// Bytes accepted but not yet handed to the kernel.
    var queuedBytes: Int { queue.bytes + channelBytes }

    /// Whether the socket takes bytes. While it does not, a sender of states should keep only the latest.
    var isWritable: Bool { channelBytes == 0 && isOpen }

    /// Whether messages still pass, in either direction.
    var isOpen: Bool { closing.isOpen && context != nil }

    // MARK: Sending

    /// Sends a text message, which must be UTF-8. It leaves at the end of this loop turn, together with whatever else is sent until then.
    func sendText(_ bytes: [UInt8]) {
        send(frame: FrameWriter.frame(text: bytes, deflate: deflate))
        flushLater()
    }

    /// Sends a binary message. It leaves at the end of this loop turn, together with whatever else is sent until then.
    func sendBinary(_ bytes: [UInt8]) {
        send(frame: FrameWriter.frame(binary: bytes, deflate: deflate))
        flushLater()
    }

    /// Queues a whole frame (see ``FrameWriter``) that may be shared with other connections. The caller calls ``flush()``.
    ///
    /// When the queue is full the peer reads too slowly: what is pending is dropped and the connection closes with 3008. The client comes
    /// back and resumes, which costs less than remembering for it.
    func send(frame: ByteBuffer) {
        guard isOpen else { return }
        if !queue.hasRoom(for: frame.readableBytes, bytesElsewhere: channelBytes) {
            flush()  // a long turn may fill the queue of a peer that reads well
        }
        guard queue.hasRoom(for: frame.readableBytes, bytesElsewhere: channelBytes) else {
            queue.removeAll()
            close(code: CloseCode.slow, reason: "slow")
            return
        }
        enqueue(frame)
    }

    /// Queues a ping, for which there is always room. The caller calls ``flush()``.
    func sendPing(frame: ByteBuffer) {
        guard isOpen else { return }
        enqueue(frame)
    }

    /// Takes over the rest of a frame that ``directSocket`` has begun, which it can only while nothing waits here.
    func send(rest: ByteBuffer) {
        guard let context else { return }
        directSocket?.isClear = false
        handOn([rest], to: context)
    }

    /// What waits goes first: until it is written, nothing goes past it.
    private func enqueue(_ frame: ByteBuffer) {
        directSocket?.isClear = false
        queue.append(frame)
    }

    /// Writes everything pending now.
    func flush() {
        guard !isFlushing else { return }
        isFlushing = true
        while channelBytes == 0, writeChunk() {}
        isFlushing = false
        if queuedBytes == 0 {
            drained()
        }
    }

    /// Writes what one system call takes. False when there was nothing to write, or nowhere to write it.
    private func writeChunk() -> Bool {
        queue.placePong()
        guard let context, context.channel.isActive, !queue.isEmpty else { return false }
        let count = GatherBuffer.count(of: queue.frames[...])
        var sent = 0
        if let directSocket {
            switch Self.send(queue.frames[..<count], on: directSocket) {
            case .sent(let bytes): sent = bytes
            case .broken:
                abort(code: nil)
                return false
            }
        }
        // The frames may not be held across the removal: a queue that is shared for a moment would be copied at every write.
        let remaining = queue.removeFirst(count, sent: sent)
        handOn(remaining, to: context)
        return true
    }

    private static func send(_ chunk: ArraySlice<ByteBuffer>, on socket: DirectSocket) -> DirectSocket.Result {
        if chunk.count == 1, let frame = chunk.first {
            return frame.withUnsafeReadableBytes(socket.send)
        }
        return GatherBuffer.current.withBytes(of: chunk, socket.send)
    }

    /// Leaves to the channel what the socket did not take.
    private func handOn(_ frames: [ByteBuffer], to context: ChannelHandlerContext) {
        guard !frames.isEmpty else { return }
        var bytes = frames.count == 1 ? frames[0] : Self.joined(frames)
        while let slice = bytes.readSlice(length: min(bytes.readableBytes, Self.sliceBytesMax)), slice.readableBytes > 0 {
            write(slice, to: context)
        }
        lastProgress = .now()
        wasBlocked = true
        let wasWriting = isWriting
        isWriting = true
        context.flush()
        isWriting = wasWriting
    }

    /// Side by side: each piece that the channel is given costs it a promise, and a record of its own where it encrypts.
    private static func joined(_ frames: [ByteBuffer]) -> ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: frames.reduce(0) { $0 + $1.readableBytes })
        for frame in frames { bytes.writeImmutableBuffer(frame) }
        return bytes
    }

    private func write(_ slice: ByteBuffer, to context: ChannelHandlerContext) {
        let bytes = slice.readableBytes
        channelBytes += bytes
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] result in
            channelWrote(bytes, result)
        }
        context.write(NIOAny(slice), promise: written)
    }

    private func channelWrote(_ bytes: Int, _ result: Result<Void, any Error>) {
        channelBytes -= bytes
        guard case .success = result else { return }  // the channel is closing, which it will say
        lastProgress = .now()
        if channelBytes == 0 {
            flush()
        }
    }

    private func drained() {
        closeIfDone()
        guard isOpen, queue.isEmpty else { return }
        if context?.channel.isActive == true { directSocket?.isClear = true }
        if wasBlocked {
            wasBlocked = false
            onWritable?()
        }
    }

    private func flushLater() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.assumeIsolated().execute { [self] in
            guard isFlushScheduled else { return }  // the end of a read has flushed already
            endTurn()
        }
    }

    /// Looks for a peer that takes nothing. The owner of the connection calls this about once a second: one timer for all of them.
    func tick(now: NIODeadline) {
        guard channelBytes > 0, now - lastProgress >= stallTimeout else { return }
        abort(code: CloseCode.writeError)
    }

    // MARK: Closing

    /// Says goodbye: what is pending goes first, then the close frame, then the peer has a few seconds to answer.
    ///
    /// - Parameters:
    ///   - code: One that may travel: 1000 to 1003, 1007 to 1011, 3000 to 4999.
    ///   - reason: At most 123 bytes of UTF-8 are sent. Must not look like JSON: a client library would read it.
    func close(code: UInt16, reason: String) {
        guard closing.close() else { return }
        beginClosing(with: FrameWriter.close(code: code, reason: reason), code: code)
    }

    private func beginClosing(with frame: ByteBuffer, code: UInt16?, byPeer: Bool = false) {
        enqueue(frame)
        tellDelegate(code: code, byPeer: byPeer)
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: closeTimeout) { [weak self] in
            guard let self else { return }
            abort(code: nil)
        }
        closeDeadline = deadline
        flushLater()
    }

    /// Closes the TCP connection at once, whatever is still queued.
    private func abort(code: UInt16?) {
        directSocket?.isClear = false
        directSocket = nil
        queue.removeAll()
        _ = closing.close()
        tellDelegate(code: code)
        closeDeadline?.cancel()
        closeDeadline = nil
        context?.close(promise: nil)
    }

    private func closeIfDone() {
        switch closing.drained() {
        case .wait: break
        case .closeOutput: context?.close(mode: .output, promise: nil)
        case .close: abort(code: nil)
        }
    }

    private func tellDelegate(code: UInt16?, byPeer: Bool = false) {
        guard let told = delegate else { return }
        delegate = nil
        onWritable = nil
        eventLoop.assumeIsolated().execute {
            told.closed(code: code, byPeer: byPeer)
        }
    }
}

// MARK: - What the channel handler reports

extension WebSocket {
    /// The connection exists. `preface` is the answer to the handshake: nothing may be sent before it.
    func opened(in context: ChannelHandlerContext, preface: ByteBuffer) {
        self.context = context
        if sendsDirectly {
            directSocket = DirectSocket(channel: context.channel)
        }
        enqueue(preface)
        delegate?.opened(self)
        flush()
    }

    /// A read begins: until ``endTurn()`` nothing needs to be scheduled.
    func beginTurn() {
        isFlushScheduled = true
    }

    /// Everything that arrived was dealt with.
    func endTurn() {
        isFlushScheduled = false
        flush()
    }

    func received(_ message: WebSocketMessage) {
        delegate?.received(message)
    }

    func receivedPing(_ payload: [UInt8]) {
        guard isOpen else { return }
        let pong = FrameWriter.pong(payload)
        if channelBytes == 0 {
            enqueue(pong)
        } else {
            queue.replacePong(pong)
        }
        flushLater()
    }

    /// The peer's close frame. It is answered with the same code, unless it is the answer to ours.
    func receivedClose(code: UInt16?) {
        if closing.peerClosed() {
            beginClosing(with: FrameWriter.close(code: code), code: code, byPeer: true)
        } else {
            flushLater()
        }
    }

    /// The peer's bytes break a rule.
    func received(_ error: FrameError) {
        if closing.fail() {
            beginClosing(with: FrameWriter.close(code: error.closeCode, reason: error.reason), code: error.closeCode)
        } else {
            abort(code: nil)
        }
    }

    /// The peer sends nothing more: without a close frame that is the end, with one what we owe it is still written.
    func receivedEnd() {
        if closing.peerEnded(), queuedBytes > 0 {
            return
        }
        abort(code: nil)
    }

    /// The channel failed.
    func failed() {
        abort(code: nil)
    }

    /// The channel is closed; its descriptor may already be somebody else's.
    func becameInactive() {
        abort(code: nil)
        context = nil
    }
}

@available(*, unavailable)
extension WebSocket: Sendable {}
