import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The only handler of an accepted connection until its first request is known. Then the connection becomes a WebSocket, a streamed
/// answer, or Hummingbird's: its own pipeline is built and the bytes are replayed into it, so plain HTTP is served exactly as without
/// this handler.
///
/// Only the first request of a connection can upgrade it. A later one reaches the HTTP router, and ``LastRequestHandler`` sees to its end.
final class UpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case collecting
        /// Reading is paused: no more arrives than the read that was already under way.
        case deciding(HTTPRequestHead)
        /// Refused: what still arrives is thrown away until the peer has read the answer.
        case lingering
        case settled
    }

    private let resolve: UpgradeResolver
    private let admission: Admission
    private let streams: StreamRoutes?
    private let http: HTTP1Channel
    private let configuration: WebSocketConfiguration
    private let logger: Logger
    private let outcome: EventLoopPromise<UpgradeOutcome>

    private var state = State.collecting
    private var received = ByteBuffer()
    private var bytesSearched = 0
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?

    /// How long a refused peer may take to read the answer.
    private static let lingerTimeout = TimeAmount.seconds(2)

    /// - Parameter outcome: Fulfilled in any case, at the latest when the connection closes.
    init(
        resolve: @escaping UpgradeResolver,
        admission: Admission,
        streams: StreamRoutes?,
        http: HTTP1Channel,
        configuration: WebSocketConfiguration,
        logger: Logger,
        outcome: EventLoopPromise<UpgradeOutcome>
    ) {
        self.resolve = resolve
        self.admission = admission
        self.streams = streams
        self.http = http
        self.configuration = configuration
        self.logger = logger
        self.outcome = outcome
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // A peer that never asks, or asks a byte a minute, may not hold a descriptor.
        schedule(in: configuration.headTimeout) { _, context in context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        self.context = nil
        if case .settled = state { return }
        outcome.succeed(.settled)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch state {
        case .collecting:
            received.writeBuffer(&bytes)
            if let known = lookForHead(context) {
                outcome.succeed(known)
            }
        case .deciding:
            received.writeBuffer(&bytes)
        case .lingering:
            break
        case .settled:
            context.fireChannelRead(data)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed, is ChannelShouldQuiesceEvent:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        outcome.succeed(.settled)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: The first request

    /// Nil while the head is not complete.
    private func lookForHead(_ context: ChannelHandlerContext) -> UpgradeOutcome? {
        let bytes = received.readableBytesView
        guard let end = RequestHead.end(in: bytes, from: bytesSearched) else {
            bytesSearched = max(0, bytes.endIndex - 3)  // an empty line may be split between two reads
            guard received.readableBytes > configuration.headBytesMax else { return nil }
            admission.refusals.count(.requestHead)
            return refuse(.requestHeaderFieldsTooLarge, reason: "The request head is too long.", context)
        }
        if let streams, RequestHead.asks(for: StreamRoutes.prefix, bytes[..<end]), let head = readHead(end, context), streams.takes(head) {
            return becomeStream(streams, context)
        }
        guard
            RequestHead.mentionsUpgrade(bytes[..<end]),
            let head = readHead(end, context),
            Handshake.isRequested(by: head),
            let request = UpgradeRequest(head: head, remoteAddress: context.remoteAddress)
        else {
            return becomeHTTP(context)
        }
        bytesSearched = end
        guard admission.admitUpgrade() else {
            return refuse(.serviceUnavailable, reason: "Too many clients connect at the moment.", context)
        }
        return act(on: resolve(request), of: head, context)
    }

    /// Nil when the head is malformed: Hummingbird will read the same bytes and answer as it always does.
    private func readHead(_ end: Int, _ context: ChannelHandlerContext) -> HTTPRequestHead? {
        received.getSlice(at: received.readerIndex, length: end).flatMap { try? RequestHead.read($0, in: context) }
    }

    private func act(on decision: UpgradeDecision, of head: HTTPRequestHead, _ context: ChannelHandlerContext) -> UpgradeOutcome {
        if case .notWebSocket = decision {
            return becomeHTTP(context)
        }
        let acceptKey: String
        do {
            acceptKey = try Handshake.acceptKey(for: head)
        } catch {
            admission.refusals.count(.handshake)
            return refuse(error.status, reason: error.reason, context)
        }
        switch decision {
        case .notWebSocket:
            return becomeHTTP(context)
        case .refuse(let status, let reason):
            return refuse(status, reason: reason, context)
        case .accept(let subprotocol, let own, let makeDelegate):
            let configuration = own ?? self.configuration
            let deflate: MessageDeflate?
            do {
                deflate = try Handshake.deflate(for: head, configuration)
            } catch {
                admission.refusals.count(.handshake)
                return refuse(error.status, reason: error.reason, context)
            }
            let preface = UpgradeResponse.switchingProtocols(acceptKey: acceptKey, subprotocol: subprotocol, deflate: deflate)
            let handler = WebSocketHandler(
                eventLoop: context.eventLoop, delegate: makeDelegate(context.eventLoop), configuration: configuration, deflate: deflate,
                preface: preface
            )
            return becomeWebSocket(handler, context)
        case .later(let decide):
            return wait(for: decide, about: head, context)
        }
    }

    // MARK: Waiting

    private func wait(
        for decide: @escaping @Sendable () async -> UpgradeDecision,
        about head: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) -> UpgradeOutcome {
        if case .collecting = state {
            state = .deciding(head)
            setReading(false, context)
            schedule(in: configuration.decisionTimeout) { handler, context in
                _ = handler.refuse(.serviceUnavailable, reason: "The upgrade could not be decided in time.", context)
            }
        }
        return .undecided(decide, NIOLoopBound(self, eventLoop: context.eventLoop))
    }

    /// Goes on with the answer to ``UpgradeOutcome/undecided(_:_:)``. Must be called on the connection's loop.
    ///
    /// - Returns: What the connection is now; it may be undecided still.
    func resume(with decision: UpgradeDecision) -> UpgradeOutcome {
        guard case .deciding(let head) = state, let context, context.channel.isActive else { return .settled }
        let channel = context.channel
        let known = act(on: decision, of: head, context)
        if case .undecided = known { return known }
        try? channel.syncOptions?.setOption(.autoRead, value: true)  // fails on a closed channel only
        return known
    }

    private func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)  // fails on a closed channel only
    }

    // MARK: What it becomes

    private func becomeHTTP(_ context: ChannelHandlerContext) -> UpgradeOutcome {
        do {
            try context.channel.syncOptions?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator())
            var served: HTTP1Channel.Value?
            // Completes at once, as all of it happens on this loop.
            http.setup(channel: context.channel, logger: logger).assumeIsolated().whenSuccess { served = $0 }
            let sync = context.pipeline.syncOperations
            let decoder = try sync.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try sync.addHandler(LastRequestHandler(), position: .after(decoder))
            if let streams {
                let last = try sync.handler(type: LastRequestHandler.self)
                try sync.addHandler(streams.makeHandler(admission), position: .after(last))
            }
            leave(context, replaying: received)
            return served.map { .http($0) } ?? .settled
        } catch {
            context.close(promise: nil)
            return .settled
        }
    }

    /// The first request is one for a stream, and there will be no other: nothing of Hummingbird's is needed, and no task.
    private func becomeStream(_ streams: StreamRoutes, _ context: ChannelHandlerContext) -> UpgradeOutcome {
        do {
            let sync = context.pipeline.syncOperations
            try sync.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false
            )
            try sync.addHandlers(LastRequestHandler(), streams.makeHandler(admission))
            leave(context, replaying: received)
        } catch {
            context.close(promise: nil)
        }
        return .settled
    }

    private func becomeWebSocket(_ handler: WebSocketHandler, _ context: ChannelHandlerContext) -> UpgradeOutcome {
        received.moveReaderIndex(forwardBy: bytesSearched)
        do {
            try context.pipeline.syncOperations.addHandler(handler)
            leave(context, replaying: received)  // a client may send frames right behind its handshake
        } catch {
            context.close(promise: nil)
        }
        return .settled
    }

    private func leave(_ context: ChannelHandlerContext, replaying bytes: ByteBuffer) {
        state = .settled
        received = ByteBuffer()
        if bytes.readableBytes > 0 {
            context.fireChannelRead(NIOAny(bytes))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func refuse(_ status: HTTPResponseStatus, reason: String, _ context: ChannelHandlerContext) -> UpgradeOutcome {
        state = .lingering
        received = ByteBuffer()
        setReading(true, context)
        schedule(in: Self.lingerTimeout) { _, context in context.close(promise: nil) }
        context.writeAndFlush(NIOAny(UpgradeResponse.refusal(status, reason: reason)), promise: nil)
        // Only the sending half: with unread bytes a full close would reset the connection, and the answer with it.
        context.close(mode: .output, promise: nil)
        return .settled
    }

    private func schedule(in delay: TimeAmount, _ body: @escaping (UpgradeHandler, ChannelHandlerContext) -> Void) {
        deadline?.cancel()
        deadline = context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, let context = self.context else { return }
            body(self, context)
        }
    }
}

@available(*, unavailable)
extension UpgradeHandler: Sendable {}
