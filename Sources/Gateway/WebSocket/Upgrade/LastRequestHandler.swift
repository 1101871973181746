import NIOCore
import NIOHTTP1

/// Ends an HTTP connection after a request that asks for an upgrade it does not get.
///
/// NIO's parser stops behind such a request, since what follows may not be HTTP, and only collects what arrives. Without this handler
/// the next request would never be answered (Java's client offers `h2c` like this), and a hostile peer could fill the memory.
final class LastRequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var requestsUnanswered = 0
    private var isLastRequest = false
    private var isLastRequestRead = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            requestsUnanswered += 1
            isLastRequest = head.headers.contains(name: "upgrade") || head.method == .CONNECT
        case .body:
            break
        case .end:
            isLastRequestRead = isLastRequest
        }
        context.fireChannelRead(data)
        if isLastRequestRead, requestsUnanswered == 0 {
            context.close(promise: nil)  // answered before it was read to its end
        }
    }

    func read(context: ChannelHandlerContext) {
        guard !isLastRequestRead else { return }
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLastAnswer && head.status.code >= 200:
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isLastAnswer:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        case .end:
            requestsUnanswered -= 1
            context.write(data, promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        }
    }

    private var isLastAnswer: Bool { isLastRequestRead && requestsUnanswered == 1 }
}

@available(*, unavailable)
extension LastRequestHandler: Sendable {}
