import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

/// A channel that reads while it writes, as one does whose write has failed.
@Suite struct ReentrantReadTests {
    /// Reads a frame inside of each write.
    private final class Echo: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        private let frames: [ByteBuffer]

        init(_ frames: [ByteBuffer]) { self.frames = frames }

        func flush(context: ChannelHandlerContext) {
            context.flush()
            for frame in frames { context.fireChannelRead(NIOAny(frame)) }
            context.fireChannelReadComplete()
        }
    }

    @Test func `what is read inside of a write is dealt with after it, in order`() async throws {
        let journal = Journal()
        let channel = EmbeddedChannel()
        let delegate = ScriptedDelegate(journal, onOpen: { _ in }) { socket, text in
            journal.write(.note("\(text) \(socket.isWriting)"))
        }
        var configuration = WebSocketConfiguration()
        configuration.sendsDirectly = false
        let handler = WebSocketHandler(
            eventLoop: channel.embeddedEventLoop, delegate: delegate, configuration: configuration, preface: ByteBuffer(string: "101"))
        let frames = ["a", "b"].map { ByteBuffer(bytes: ClientFrame.text($0).bytes) }
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        try channel.pipeline.syncOperations.addHandler(Echo(frames))
        try channel.pipeline.syncOperations.addHandler(handler)
        channel.embeddedEventLoop.run()
        for text in ["a", "b"] {
            await journal.wait(for: .text(text))
            #expect(await journal.next() == .note("\(text) false"))
        }
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
