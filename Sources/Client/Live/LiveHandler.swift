import NIOCore
import NIOWebSocket
import Wire

/// The end of a live connection's pipeline: matches replies to commands, answers pings, hands pushes on.
///
/// It lives on the connection's event loop and nowhere else.
final class LiveHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private struct Waiting {
        let promise: EventLoopPromise<Reply.Body>
        let deadline: Scheduled<Void>
    }

    private let wiring: Wiring
    private let configuration: LiveConfiguration
    private let codec: any ServerCodec
    private var context: ChannelHandlerContext?
    private var waiting: [UInt32: Waiting] = [:]
    private var lastID: UInt32 = 0
    private var pongWanted = false
    private var isLeaving = false
    private var ending: ClosedConnection?

    init(_ wiring: Wiring, _ configuration: LiveConfiguration) {
        self.wiring = wiring
        self.configuration = configuration
        codec = configuration.codec
    }

    // MARK: What the connection's owner asks

    func call(_ request: Command.Request, _ promise: EventLoopPromise<Reply.Body>) {
        guard let context, !isLeaving else { return promise.fail(ending ?? .abnormal) }
        lastID += 1
        let id = lastID
        let deadline = context.eventLoop.assumeIsolated().scheduleTask(in: configuration.replyTimeLimit) {
            guard let command = self.waiting.removeValue(forKey: id) else { return }
            command.promise.fail(ClientError.timedOut)
        }
        waiting[id] = Waiting(promise: promise, deadline: deadline)
        write(Command(id: id, request: request))
    }

    func send(_ request: Command.Request) {
        write(Command(id: 0, request: request))
    }

    func close() {
        guard let context, !isLeaving else { return }
        isLeaving = true
        var code = context.channel.allocator.buffer(capacity: 2)
        code.write(webSocketErrorCode: .normalClosure)
        write(.connectionClose, code)
        // A server that does not answer the close frame must not keep the caller.
        let deadline = context.eventLoop.assumeIsolated().scheduleTask(in: configuration.replyTimeLimit) { self.cut(reset: true) }
        wiring.ending.whenComplete { _ in deadline.cancel() }
    }

    func cut(reset: Bool) {
        guard let context else { return }
        isLeaving = true
        if reset { context.channel.resetOnClose() }
        context.close(promise: nil)
    }

    // MARK: What the server says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The socket's own errors (a reset) end the connection as an abnormal closure.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary: receive(frame.data)
        case .ping: write(.pong, frame.data)
        case .connectionClose: receiveClose(frame.data)
        default: break
        }
    }

    private func receive(_ message: ByteBuffer) {
        do {
            let messages = try message.withUnsafeReadableBytes { try codec.decode($0) }
            for message in messages { receive(message) }
        } catch {
            wiring.continuation.finish(throwing: ClientError.unexpectedMessage)
            cut(reset: true)
        }
    }

    private func receive(_ message: ServerMessage) {
        switch message {
        case .ping:
            if pongWanted, configuration.answersPings { send(.pong) }
        case .push(let push):
            guard case .dropped = wiring.continuation.yield(push) else { return }
            wiring.continuation.finish(throwing: ClientError.overflowed(limit: configuration.pushesMax))
            cut(reset: true)
        case .reply(let reply):
            if case .connect(let result) = reply.body { pongWanted = result.pong }
            guard let command = waiting.removeValue(forKey: reply.id) else { return }
            command.deadline.cancel()
            command.promise.succeed(reply.body)
        }
    }

    private func receiveClose(_ payload: ByteBuffer) {
        var payload = payload
        let code = payload.readInteger(as: UInt16.self)
        if ending == nil { ending = ClosedConnection(code: code ?? 1005, reason: String(buffer: payload)) }
        if !isLeaving { write(.connectionClose, ByteBuffer(integer: code ?? 1000)) }
        context?.close(promise: nil)
    }

    private func finish() {
        guard context != nil else { return }
        context = nil
        let ending = ending ?? .abnormal
        self.ending = ending
        for command in waiting.values {
            command.deadline.cancel()
            command.promise.fail(ending)
        }
        waiting.removeAll()
        wiring.finish(ending, askedFor: isLeaving)
        isLeaving = true
    }

    // MARK: Frames

    private func write(_ command: Command) {
        write(codec.isText ? .text : .binary, ByteBuffer(bytes: codec.encode([command])))
    }

    private func write(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        guard let context else { return }
        // RFC 6455, 5.3: a client masks with a fresh key, so that no proxy can be made to read a request into its payload.
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: payload)), promise: nil)
    }
}

extension LiveHandler {
    /// What the handler shares with the connection's owner.
    struct Wiring: Sendable {
        let pushes: AsyncThrowingStream<Push, any Error>
        let continuation: AsyncThrowingStream<Push, any Error>.Continuation
        private let promise: EventLoopPromise<ClosedConnection>

        init(pushesMax: Int, on eventLoop: any EventLoop) {
            (pushes, continuation) = AsyncThrowingStream.makeStream(bufferingPolicy: .bufferingOldest(pushesMax))
            promise = eventLoop.makePromise()
        }

        var ending: EventLoopFuture<ClosedConnection> { promise.futureResult }

        func finish(_ ending: ClosedConnection, askedFor: Bool) {
            if askedFor { continuation.finish() } else { continuation.finish(throwing: ending) }
            promise.succeed(ending)
        }
    }
}

@available(*, unavailable) extension LiveHandler: Sendable {}
