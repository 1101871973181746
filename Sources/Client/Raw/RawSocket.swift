import NIOCore
import NIOPosix

/// A TCP connection with nothing on it: whatever bytes a test wants to send, in whatever pieces.
///
/// Reads wait at most ``readTimeLimit``; one task reads at a time.
public final class RawSocket: Sendable {
    /// How long a read waits before it throws ``ClientError/timedOut``.
    public static let readTimeLimit = TimeAmount.seconds(15)
    /// Bytes that wait for their reader; beyond it the connection is cut and reads throw ``ClientError/overflowed(limit:)``.
    public static let unreadBytesMax = 64 << 20

    private let channel: any Channel
    private let inbox: NIOLoopBound<RawInbox>

    private init(_ channel: any Channel, _ inbox: NIOLoopBound<RawInbox>) {
        self.channel = channel
        self.inbox = inbox
    }

    /// - Parameters:
    ///   - tls: encrypts what is sent; nil sends it as it is.
    ///   - isReading: false never takes a byte from the socket.
    /// - Throws: errors of the socket and of TLS.
    public static func connect(
        host: String = "127.0.0.1", port: Int, tls: ClientTLS? = nil, isReading: Bool = true,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> RawSocket {
        let makeTLS = try tls?.handlerMaker(host: host)
        return try await ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The goodbye of TLS is answered by one, as every client does; a FIN leaves the sending half open.
            .channelOption(.allowRemoteHalfClosure, value: tls == nil)
            .channelOption(.autoRead, value: isReading)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let makeTLS { try channel.pipeline.syncOperations.addHandler(makeTLS()) }
                    let inbox = RawInbox()
                    try channel.pipeline.syncOperations.addHandler(inbox)
                    return RawSocket(channel, NIOLoopBound(inbox, eventLoop: channel.eventLoop))
                }
            }
    }

    /// Sends bytes as they are; returns when the system has taken them.
    ///
    /// - Throws: errors of the socket.
    public func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Sends text as it is.
    ///
    /// - Throws: errors of the socket.
    public func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Everything up to and including `marker`.
    ///
    /// - Throws: ``ClientError``: `timedOut`, `endOfStream`, `overflowed`.
    public func read(until marker: String) async throws -> [UInt8] {
        let marker = Array(marker.utf8)
        return try await read { unread in unread.firstRange(of: marker).map { $0.upperBound - unread.startIndex } }
    }

    /// Exactly so many bytes.
    ///
    /// - Throws: as ``read(until:)``.
    public func read(count: Int) async throws -> [UInt8] {
        try await read { $0.count >= count ? count : nil }
    }

    /// Everything until the other side has ended the connection, by FIN or RST.
    ///
    /// - Throws: as ``read(until:)``.
    public func readToEnd() async throws -> [UInt8] {
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        channel.eventLoop.execute { [inbox] in inbox.value.readToEnd(promise) }
        return try await promise.futureResult.get()
    }

    private func read(_ length: @escaping @Sendable (_ unread: ByteBufferView) -> Int?) async throws -> [UInt8] {
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        channel.eventLoop.execute { [inbox] in
            inbox.value.read(promise, length)
        }
        return try await promise.futureResult.get()
    }

    /// Ends the sending half; the other side sees the end of the stream.
    ///
    /// - Throws: errors of the socket.
    public func closeWriting() async throws {
        try await channel.close(mode: .output)
    }

    /// Ends the connection with a FIN.
    public func close() async {
        try? await channel.close()
    }

    /// Ends the connection with an RST.
    public func cut() async {
        channel.resetOnClose()
        try? await channel.close()
    }
}
