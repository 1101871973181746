import HummingbirdCore
import NIOCore
import NIOHTTP1
import Realtime
import Wire

/// Sees the requests of an HTTP connection before the router does, and takes the connection over when one of them opens a stream.
///
/// Until then it lets everything pass. From then on nothing behind it hears of the connection any more: the stream is its last request and
/// ends with it.
final class StreamHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case passing
        /// The request that opens a stream is arriving.
        case collecting(Opening)
        /// It is here, but a request before it was not answered yet.
        case waiting(Opening)
        case streaming(HTTPStream)
        /// Refused: what still arrives is thrown away until the client has read the answer.
        case refused
    }

    private struct Opening {
        let head: HTTPRequestHead
        var decision: StreamRoutes.Decision
    }

    private let routes: StreamRoutes
    private let admission: Admission
    private var state = State.passing
    /// Of the request that opens a stream, as far as it has arrived. Not in the state: it would be copied with each part.
    private var body: [UInt8] = []
    /// Requests that went on to the router and are not answered.
    private var unanswered = 0
    private var deadline: Scheduled<Void>?

    /// How long a refused client may take to read the answer.
    private static let lingerTimeout = TimeAmount.seconds(2)

    init(routes: StreamRoutes, admission: Admission) {
        self.routes = routes
        self.admission = admission
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .passing:
            guard case .head(let head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
            let decision = routes.resolve(head)
            if case .pass = decision {
                unanswered += 1
                return context.fireChannelRead(data)
            }
            begin(Opening(head: head, decision: decision), context)
        case .collecting(let opening): collect(unwrapInboundIn(data), of: opening, context)
        case .waiting, .streaming, .refused: break
        }
    }

    private func begin(_ opening: Opening, _ context: ChannelHandlerContext) {
        state = .collecting(opening)
        schedule(in: routes.configuration.requestTimeout, context) { _, context in context.close(promise: nil) }
        let declared = opening.head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if case .refuse(let status, _) = opening.decision {
            routes.countRefusal(status)
            settle(opening, context)
        } else if declared > routes.configuration.requestBytesMax {
            settle(refusing(opening, .payloadTooLarge, "The request is too large."), context)
        } else if unanswered == 0, opening.head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: opening.head.version, status: .continue))), promise: nil)
        }
    }

    private func collect(_ part: HTTPServerRequestPart, of opening: Opening, _ context: ChannelHandlerContext) {
        switch part {
        case .head: break
        case .body(let bytes):
            guard body.count + bytes.readableBytes <= routes.configuration.requestBytesMax else {
                return settle(refusing(opening, .payloadTooLarge, "The request is too large."), context)
            }
            body += bytes.readableBytesView
        case .end:
            settle(opening, context)
        }
    }

    private func refusing(_ opening: Opening, _ status: HTTPResponseStatus, _ reason: String) -> Opening {
        Opening(head: opening.head, decision: .refuse(status, reason: reason))
    }

    /// All that is needed of the request is here. Answers leave in the order of their requests (RFC 9112, section 9.3.2).
    private func settle(_ opening: Opening, _ context: ChannelHandlerContext) {
        cancel()
        guard unanswered == 0 else {
            state = .waiting(opening)
            return
        }
        switch opening.decision {
        case .pass: break
        case .refuse(let status, let reason): refuse(opening.head, status, reason, context)
        case .open(let endpoint, let command):
            let body = body
            self.body = []
            open(endpoint, opening.head, command ?? body, context)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        context.write(data, promise: promise)
        unanswered -= 1
        if unanswered == 0, case .waiting(let opening) = state { settle(opening, context) }
    }

    // MARK: Answers

    private func open(
        _ endpoint: StreamEndpoint, _ head: HTTPRequestHead, _ command: [UInt8], _ context: ChannelHandlerContext
    ) {
        guard !command.isEmpty else {
            return refuse(head, .badRequest, "The request has no connect command.", context)
        }
        // A stream is as dear as a WebSocket, and they come back in the same storms.
        guard admission.admitUpgrade() else {
            return refuse(head, .serviceUnavailable, "Too many connect at the moment.", context)
        }
        let stream = HTTPStream(framing: endpoint.framing, codec: endpoint.codec, configuration: routes.configuration, in: context)
        state = .streaming(stream)
        stopIdleTimer(context)
        stream.begin(routes.responses.beginning(head, contentType: endpoint.framing.contentType))
        let source = ConnectionSource(of: context.remoteAddress, forwarded: head.headers["x-forwarded-for"], routes.trustedProxies)
        let opened = routes.hub.openSession(
            on: context.eventLoop, transport: stream, codec: endpoint.codec, format: endpoint.format, source: source, mode: endpoint.mode
        )
        guard let session = opened else { return stream.close(.internalError) }
        let streams = routes.streams
        if endpoint.mode == .emulated { streams.add(session, on: context.eventLoop) }
        stream.onClosed = { reason in
            streams.remove(session)
            session.transportClosed(reason)
        }
        command.withUnsafeBytes { session.received($0) }
    }

    /// The router's handler would close the connection for want of requests.
    private func stopIdleTimer(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        guard let handler = try? pipeline.handler(type: HTTPConnectionStateHandler.self) else { return }
        pipeline.removeHandler(handler, promise: nil)
    }

    private func refuse(_ head: HTTPRequestHead, _ status: HTTPResponseStatus, _ reason: String, _ context: ChannelHandlerContext) {
        state = .refused
        for part in routes.responses.refusal(head, status, reason: reason) { context.write(wrapOutboundOut(part), promise: nil) }
        context.flush()
        schedule(in: Self.lingerTimeout, context) { _, context in context.close(promise: nil) }
        // Only the sending half: with unread bytes a full close would reset the connection, and the answer with it.
        context.close(mode: .output, promise: nil)
    }

    private func schedule(
        in delay: TimeAmount, _ context: ChannelHandlerContext, _ body: @escaping (StreamHandler, ChannelHandlerContext) -> Void
    ) {
        cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            if let self { body(self, context) }
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }

    // MARK: The connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .passing = state { return context.fireUserInboundEventTriggered(event) }
        switch event {
        case ChannelEvent.inputClosed:
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent:
            // The listener stops and waits for its connections. Whoever spreads the drain over time does so before that.
            guard case .streaming(let stream) = state else { return context.close(promise: nil) }
            stream.close(.shutdown)
        default: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .streaming = state { return }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .passing = state { return context.fireErrorCaught(error) }
        context.close(promise: nil)
    }

    private func leave() {
        cancel()
        if case .streaming(let stream) = state { stream.becameInactive() }
    }
}

@available(*, unavailable)
extension StreamHandler: Sendable {}
