import NIOCore
import NIOHTTP1

/// Reads the status of an answer that is no upgrade, and hangs up.
final class RefusedUpgrade: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let status: EventLoopPromise<Int>

    private init(_ status: EventLoopPromise<Int>) {
        self.status = status
    }

    /// The status, once it has come; for the channel's event loop to call.
    static func status(on channel: any Channel) throws -> EventLoopFuture<Int> {
        let promise = channel.eventLoop.makePromise(of: Int.self)
        do {
            try channel.pipeline.syncOperations.addHandler(RefusedUpgrade(promise))
        } catch {
            promise.fail(error)
            throw error
        }
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        status.succeed(Int(head.status.code))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        status.fail(ClientError.endOfStream)
        context.fireChannelInactive()
    }
}
