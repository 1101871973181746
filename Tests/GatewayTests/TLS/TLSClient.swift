import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// A TLS connection that reads only when told to.
struct TLSClient {
    enum Failure: Error {
        case ended
    }

    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var bytes: ArraySlice<UInt8> = []

    /// Connects, runs the body and closes.
    static func run<Result>(
        port: Int, _ configuration: TLSConfiguration, receiveBufferBytes: Int? = nil, _ body: (inout TLSClient) async throws -> Result
    ) async throws -> Result {
        let context = try NIOSSLContext(configuration: configuration)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBufferBytes {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBufferBytes))
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
                return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            var client = TLSClient(channel: channel, inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&client)
        }
    }

    /// Connects and upgrades to a WebSocket.
    static func webSocket<Result>(
        port: Int, _ configuration: TLSConfiguration, receiveBufferBytes: Int? = nil, _ body: (inout TLSClient) async throws -> Result
    ) async throws -> Result {
        try await run(port: port, configuration, receiveBufferBytes: receiveBufferBytes) { client in
            try await client.send(Array(RawWebSocket.handshake().utf8))
            guard try await client.head().hasPrefix("HTTP/1.1 101 ") else { throw Failure.ended }
            return try await body(&client)
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    func send(_ frames: ClientFrame...) async throws {
        try await send(frames.bytes)
    }

    /// Everything up to the first empty line.
    mutating func head() async throws -> String {
        while true {
            if let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) {
                let head = String(decoding: bytes[..<end], as: UTF8.self)
                bytes = bytes[(end + 4)...]
                return head
            }
            guard try await readMore() else { throw Failure.ended }
        }
    }

    /// Exactly so many bytes, as text.
    mutating func text(count: Int) async throws -> String {
        while bytes.count < count {
            guard try await readMore() else { throw Failure.ended }
        }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        bytes = bytes.dropFirst(count)
        return text
    }

    /// The next frame, or nil when the server closed at a frame's end.
    mutating func next() async throws -> ServerFrame? {
        while true {
            if let frame = ServerFrame.take(from: &bytes) { return frame }
            guard try await readMore() else { return nil }
        }
    }

    private mutating func readMore() async throws -> Bool {
        guard let more = try await inbound.next() else { return false }
        bytes = ArraySlice(Array(bytes) + Array(more.readableBytesView))
        return true
    }
}
