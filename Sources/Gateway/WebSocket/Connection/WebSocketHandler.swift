import NIOCore

/// The one handler of an upgraded connection: bytes in, whole messages out to the delegate; what is sent leaves by ``WebSocket``.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let socket: WebSocket
    /// Sent once and given up: an idle connection should not remember its handshake.
    private var preface: ByteBuffer?
    private var parser: FrameParser
    /// Came while something was being written, in its order.
    private var deferred: [ByteBuffer] = []

    /// - Parameters:
    ///   - deflate: What the handshake agreed on about compression.
    ///   - preface: The answer to the handshake, sent before everything else.
    init(
        eventLoop: any EventLoop, delegate: any WebSocketDelegate, configuration: WebSocketConfiguration, deflate: MessageDeflate? = nil,
        preface: ByteBuffer
    ) {
        self.socket = WebSocket(eventLoop: eventLoop, delegate: delegate, configuration: configuration, deflate: deflate)
        self.preface = preface
        self.parser = FrameParser(
            limits: .init(messageBytesMax: configuration.messageBytesMax, fragmentsMax: configuration.fragmentsMax),
            deflates: deflate != nil
        )
    }

    func handlerAdded(context: ChannelHandlerContext) {
        socket.opened(in: context, preface: preface ?? ByteBuffer())
        preface = nil
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        socket.becameInactive()
    }

    /// A channel whose write fails reads what is left before it closes, inside of the write. Whoever had this written is in the middle of
    /// delivering to others: what a message asks for comes after that, or not at all where the connection is gone by then.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard socket.isWriting || !deferred.isEmpty else { return read(buffer) }
        deferred.append(buffer)
        guard deferred.count == 1 else { return }
        socket.eventLoop.assumeIsolated().execute { [self] in
            // Nothing is left where the channel has closed.
            let buffers = deferred
            deferred = []
            for buffer in buffers { read(buffer) }
            socket.endTurn()
        }
    }

    private func read(_ buffer: ByteBuffer) {
        var buffer = buffer
        socket.beginTurn()
        buffer.withUnsafeMutableReadableBytes { bytes in
            var input = bytes
            while let action = parser.next(&input) {
                perform(action)
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        socket.endTurn()
    }

    private func perform(_ action: FrameParser.Action) {
        switch action {
        case .message(let kind, .inPlace(let bytes)):
            socket.received(Self.message(kind, bytes))
        case .message(let kind, .assembled(let bytes)):
            bytes.withUnsafeBytes { socket.received(Self.message(kind, $0)) }
        case .ping(let payload):
            socket.receivedPing(payload)
        case .pong:
            break
        case .close(let code):
            socket.receivedClose(code: code)
        case .fail(let error):
            socket.received(error)
        }
    }

    private static func message(_ kind: FrameParser.MessageKind, _ bytes: UnsafeRawBufferPointer) -> WebSocketMessage {
        switch kind {
        case .text: .text(bytes)
        case .binary: .binary(bytes)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            socket.receivedEnd()
        case is ChannelShouldQuiesceEvent:
            // The listener stops and waits for its connections. Whoever spreads the drain over time does so before that.
            socket.close(code: CloseCode.shutdown, reason: "shutdown")
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deferred = []
        socket.becameInactive()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        socket.failed()
    }
}

@available(*, unavailable)
extension WebSocketHandler: Sendable {}
