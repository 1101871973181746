import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Wire

extension LiveConnection {
    /// Opens the WebSocket without sending a command.
    ///
    /// - Throws: ``ClientError/upgradeRefused(status:)``, errors of the socket and of TLS.
    public static func open(
        host: String = "127.0.0.1", port: Int, path: String = "/connection/websocket", headers: [(String, String)] = [],
        configuration: LiveConfiguration = .init(), group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> LiveConnection {
        var bootstrap = ClientBootstrap(group: group)
            .connectTimeout(configuration.replyTimeLimit)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        if let bytes = configuration.receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(bytes))
        }
        let makeTLS = try configuration.tls?.handlerMaker(host: host)
        let upgrade = try await bootstrap.connect(host: host, port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let makeTLS { try channel.pipeline.syncOperations.addHandler(makeTLS()) }
                return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                    configuration: upgradeConfiguration(host: "\(host):\(port)", path: path, headers: headers, configuration)
                )
            }
        }
        switch try await upgrade.get() {
        case .upgraded(let connection): return connection
        case .refused(let status): throw ClientError.upgradeRefused(status: try await status.get())
        }
    }

    private static func upgradeConfiguration(
        host: String, path: String, headers: [(String, String)], _ configuration: LiveConfiguration
    ) -> NIOUpgradableHTTPClientPipelineConfiguration<UpgradeAnswer> {
        let upgrader = NIOTypedWebSocketClientUpgrader<UpgradeAnswer>(
            maxFrameSize: configuration.messageBytesMax,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture { .upgraded(try attach(to: channel, configuration)) }
            }
        )
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: path,
            headers: HTTPHeaders([("Host", host), ("Content-Length", "0")] + subprotocol(configuration) + headers)
        )
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(upgradeRequestHead: head, upgraders: [upgrader]) { channel in
                // The answer is held back until this future has ended, so its status comes by a future of its own.
                channel.eventLoop.makeCompletedFuture { .refused(status: try RefusedUpgrade.status(on: channel)) }
            }
        )
        // A server may speak in the same segment as its 101.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return pipeline
    }

    private static func subprotocol(_ configuration: LiveConfiguration) -> [(String, String)] {
        configuration.codec.subprotocol.map { [("Sec-WebSocket-Protocol", $0)] } ?? []
    }

    private static func attach(to channel: any NIOCore.Channel, _ configuration: LiveConfiguration) throws -> LiveConnection {
        let wiring = LiveHandler.Wiring(pushesMax: configuration.pushesMax, on: channel.eventLoop)
        let handler = LiveHandler(wiring, configuration)
        // A million one-byte fragments are bounded by the message's size.
        let aggregator = NIOWebSocketFrameAggregator(
            minNonFinalFragmentSize: 0,
            maxAccumulatedFrameCount: configuration.messageBytesMax,
            maxAccumulatedFrameSize: configuration.messageBytesMax
        )
        try channel.pipeline.syncOperations.addHandlers([aggregator, handler])
        return LiveConnection(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop), wiring)
    }
}

/// What came of asking for the upgrade.
private enum UpgradeAnswer: Sendable {
    case upgraded(LiveConnection)
    case refused(status: EventLoopFuture<Int>)
}
