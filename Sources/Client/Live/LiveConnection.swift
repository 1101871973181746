import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import Wire

/// One WebSocket connection that speaks the Centrifuge client protocol, in JSON or, by ``LiveConfiguration/codec``, in Protobuf.
///
/// Commands may be sent by any number of tasks; ``pushes`` has one reader. It neither reconnects nor remembers positions; that is what
/// ``ResumingSubscription`` does with it.
public final class LiveConnection: Sendable {
    /// Everything the server tells without being asked, in its order. It ends when this side closes or cuts the connection, and throws
    /// ``ClosedConnection`` when the other side ends it, ``ClientError/overflowed(limit:)`` when nobody reads.
    public let pushes: AsyncThrowingStream<Push, any Error>

    private let channel: any NIOCore.Channel
    private let handler: NIOLoopBound<LiveHandler>
    private let ending: EventLoopFuture<ClosedConnection>
    private let connectResult = Mutex<ConnectResult?>(nil)

    init(_ channel: any NIOCore.Channel, _ handler: NIOLoopBound<LiveHandler>, _ wiring: LiveHandler.Wiring) {
        self.channel = channel
        self.handler = handler
        pushes = wiring.pushes
        ending = wiring.ending
    }

    /// Opens a connection and begins it with a token.
    ///
    /// - Parameter positions: where the caller stopped in channels that the server subscribes it to (`personal:#7`).
    /// - Throws: ``ClientError/upgradeRefused(status:)``, ``ClosedConnection``, `ProtocolError`, errors of the socket.
    public static func connect(
        host: String = "127.0.0.1", port: Int, path: String = "/connection/websocket", token: String, name: String = "swift",
        positions: [String: StreamPosition] = [:], configuration: LiveConfiguration = .init(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> LiveConnection {
        let connection = try await open(host: host, port: port, path: path, configuration: configuration, group: group)
        do {
            try await connection.begin(token: token, name: name, positions: positions)
        } catch {
            connection.cut()
            throw error
        }
        return connection
    }

    /// Sends the connect command, the first of every connection.
    ///
    /// - Throws: `ProtocolError`, ``ClosedConnection``.
    @discardableResult
    public func begin(token: String, name: String = "swift", positions: [String: StreamPosition] = [:]) async throws -> ConnectResult {
        let subs = positions.mapValues { SubscribeRequest(recover: true, epoch: $0.epoch, offset: $0.offset) }
        guard case .connect(let result) = try await call(.connect(ConnectRequest(token: token, subs: subs, name: name))) else {
            throw ClientError.unexpectedMessage
        }
        connectResult.withLock { $0 = result }
        return result
    }

    /// What the server said of the connection; nil before ``begin(token:name:positions:)``.
    public var established: ConnectResult? { connectResult.withLock { $0 } }

    /// Watches a channel: from now on, or from a position that the caller has seen.
    ///
    /// - Throws: `ProtocolError`, ``ClosedConnection``.
    public func subscribe(_ channel: String, since position: StreamPosition? = nil) async throws -> Subscription {
        let request = SubscribeRequest(
            channel: channel,
            recover: position != nil,
            epoch: position?.epoch ?? "",
            offset: position?.offset ?? 0,
            positioned: true,
            recoverable: true
        )
        guard case .subscribe(let result) = try await call(.subscribe(request)) else { throw ClientError.unexpectedMessage }
        return Subscription(channel: channel, result)
    }

    /// Stops watching a channel.
    ///
    /// - Throws: `ProtocolError`, ``ClosedConnection``.
    public func unsubscribe(_ channel: String) async throws {
        guard case .unsubscribe = try await call(.unsubscribe(UnsubscribeRequest(channel: channel))) else {
            throw ClientError.unexpectedMessage
        }
    }

    /// Reads a channel's log; without a limit its top position alone.
    ///
    /// - Throws: `ProtocolError`, ``ClosedConnection``.
    public func history(
        _ channel: String, limit: Int = 0, since: StreamPosition? = nil, reverse: Bool = false
    ) async throws -> HistoryResult {
        let request = HistoryRequest(channel: channel, limit: limit, since: since, reverse: reverse)
        guard case .history(let result) = try await call(.history(request)) else { throw ClientError.unexpectedMessage }
        return result
    }

    /// Prolongs the connection with a newer access token.
    ///
    /// - Throws: `ProtocolError`, ``ClosedConnection``.
    @discardableResult
    public func refresh(token: String) async throws -> RefreshResult {
        guard case .refresh(let result) = try await call(.refresh(RefreshRequest(token: token))) else {
            throw ClientError.unexpectedMessage
        }
        return result
    }

    /// Sends any command and waits for its reply.
    ///
    /// - Throws: `ProtocolError` that the server answered, ``ClosedConnection``, ``ClientError/timedOut``.
    public func call(_ request: Command.Request) async throws -> Reply.Body {
        let promise = channel.eventLoop.makePromise(of: Reply.Body.self)
        channel.eventLoop.execute { [handler] in handler.value.call(request, promise) }
        let body = try await promise.futureResult.get()
        if case .error(let error) = body { throw error }
        return body
    }

    /// Sends a command that is not answered.
    public func send(_ request: Command.Request) {
        channel.eventLoop.execute { [handler] in handler.value.send(request) }
    }

    /// Whether bytes are taken from the socket; false makes the server's buffers fill.
    public func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    /// Says goodbye and waits until the connection has ended.
    public func close() async {
        channel.eventLoop.execute { [handler] in handler.value.close() }
        _ = await closed()
    }

    /// Drops the connection without a word, as a lost network does. With `reset` the server gets an RST, otherwise a FIN.
    public func cut(reset: Bool = true) {
        channel.eventLoop.execute { [handler] in handler.value.cut(reset: reset) }
    }

    /// How the connection ended; waits until it has.
    public func closed() async -> ClosedConnection {
        (try? await ending.get()) ?? .abnormal
    }
}
