import NIOCore

/// The only handler of a connection that is not wanted: it answers before it reads, and throws away what comes until the peer has read
/// the answer.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long the peer may take to read the answer.
    private static let lingerTimeout = TimeAmount.seconds(2)

    private var deadline: Scheduled<Void>?

    func channelActive(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerTimeout) { context.close(promise: nil) }
        let answer = UpgradeResponse.refusal(.serviceUnavailable, reason: "There are too many connections from this address.")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        // Only the sending half: with unread bytes a full close would reset the connection, and the answer with it.
        context.close(mode: .output, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed, is ChannelShouldQuiesceEvent: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension RefusalHandler: Sendable {}
