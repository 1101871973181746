import HummingbirdCore
import NIOCore

/// Cuts off a client that asks but does not read: its answers would hold their connection, their memory and the end of the server for ever.
///
/// Only a connection whose buffer is full costs a timer.
final class ResponseDeadlineHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPConnectionStateHandler.InboundIn
    typealias InboundOut = HTTPConnectionStateHandler.InboundOut

    /// How long a stopping server waits for a client to read.
    private static let stopTimeout = TimeAmount.seconds(2)

    private let timeout: TimeAmount
    private var isStopping = false
    private var deadline: Scheduled<Void>?

    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        restart(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isStopping = true
            restart(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private func restart(_ context: ChannelHandlerContext) {
        cancel()
        guard !context.channel.isWritable else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: isStopping ? min(timeout, Self.stopTimeout) : timeout) {
            context.close(promise: nil)
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }
}

@available(*, unavailable)
extension ResponseDeadlineHandler: Sendable {}
