import Hummingbird
import NIOCore
import NIOPosix

@testable import Gateway

/// The real channel behind a real listener on a port of its own, as Hummingbird runs it. Plain HTTP is answered with `plain <path>`.
struct LoopbackServer: Sendable {
    let port: Int

    static func run(
        configuration: WebSocketConfiguration = .init(),
        admission: Admission = Admission(.init()),
        certificates: TLSCertificates? = nil,
        sendBufferBytes: Int? = nil,
        resolve: @escaping UpgradeResolver,
        _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        let child = WebSocketChannel(
            responder: { request, writer, _ in
                let text = ByteBuffer(string: "plain \(request.uri.path)")
                var body = try await writer.writeHead(.init(status: .ok, headerFields: [.contentLength: String(text.readableBytes)]))
                try await body.write(text)
                try await body.finish(nil)
            },
            configuration: configuration,
            admission: admission,
            certificates: certificates,
            resolve: resolve
        )
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
        if let sendBufferBytes {
            bootstrap = bootstrap.childChannelOption(.socketOption(.so_sndbuf), value: .init(sendBufferBytes))
        }
        let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0) { channel in
            child.setup(channel: channel, logger: .init(label: "loopback"))
        }
        guard let port = listener.channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { connections in
                    await withDiscardingTaskGroup { tasks in
                        do {
                            for try await connection in connections {
                                tasks.addTask { await child.handle(value: connection, logger: .init(label: "loopback")) }
                            }
                        } catch {
                            return  // the listener was closed
                        }
                    }
                }
            }
            try await body(LoopbackServer(port: port))
            group.cancelAll()
        }
    }

    /// Every upgrade becomes a WebSocket of that delegate.
    static func accepting(_ makeDelegate: @escaping @Sendable () -> ScriptedDelegate) -> UpgradeResolver {
        { _ in .accept(subprotocol: nil) { _ in makeDelegate() } }
    }
}
