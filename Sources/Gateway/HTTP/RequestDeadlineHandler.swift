import HummingbirdCore
import NIOCore

/// Ends the reading of a request that does not arrive in time: a body of a byte a second would hold its connection for days.
///
/// A request that arrives in one piece, as nearly all do, costs no timer. The time until the first head is bounded by the connection's
/// idle timeout. A server that stops waits less: one client that stays silent in the middle of a request must not keep it.
final class RequestDeadlineHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPConnectionStateHandler.InboundIn
    typealias InboundOut = HTTPConnectionStateHandler.InboundOut

    /// Thrown out of the request's body.
    struct Expired: Error {}

    /// How long a stopping server waits for the rest of a request.
    private static let stopTimeout = TimeAmount.seconds(2)

    private let timeout: TimeAmount
    private var isReading = false
    private var deadline: Scheduled<Void>?

    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isReading = true
        case .body: break
        case .end:
            isReading = false
            cancel()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isReading, deadline == nil { expire(in: timeout, context) }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, isReading {
            cancel()
            expire(in: min(timeout, Self.stopTimeout), context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private func expire(in delay: TimeAmount, _ context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            context.fireErrorCaught(Expired())
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }
}

@available(*, unavailable)
extension RequestDeadlineHandler: Sendable {}
