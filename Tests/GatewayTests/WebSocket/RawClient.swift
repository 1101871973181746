import Glibc
import NIOCore
import NIOPosix

/// A TCP client that sends exactly the bytes it is told to and reads only when told to. Blocking calls run on NIO's blocking threads.
struct RawClient: Sendable {
    enum Failure: Error {
        case socket(Int32)
        case ended
        case timeout
    }

    private let descriptor: CInt
    private static let threads = NIOThreadPool.singleton

    /// - Parameter receiveBufferBytes: Small for a peer that should seem slow.
    init(port: Int, receiveBufferBytes: CInt? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.socket(errno) }
        if var bytes = receiveBufferBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<CInt>.size))
        }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw Failure.socket(errno) }
    }

    /// Wraps a connected descriptor.
    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    func close() {
        _ = Glibc.close(descriptor)
    }

    func closeOutput() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await Self.threads.runIfActive { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { throw Failure.socket(errno) }
                sent += count
            }
        }
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ frames: ClientFrame...) async throws {
        try await send(frames.bytes)
    }

    /// What arrives in one read; empty at the end of the stream.
    func receive(upTo count: Int = 65_536) async throws -> [UInt8] {
        try await Self.threads.runIfActive { [descriptor] in
            let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                let received = recv(descriptor, buffer.baseAddress, count, 0)
                guard received >= 0 || errno == ECONNRESET else { throw errno == EAGAIN ? Failure.timeout : Failure.socket(errno) }
                initialized = max(0, received)
            }
            return bytes
        }
    }

    /// Everything until the peer closes.
    func receiveAll() async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try await receive()
            guard !bytes.isEmpty else { return all }
            all += bytes
        }
    }

    /// A whole HTTP response head, and whatever arrived behind it. `bytes` arrived before.
    func receiveHead(behind bytes: [UInt8] = []) async throws -> (head: String, rest: [UInt8]) {
        var bytes = bytes
        while true {
            if let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) {
                return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 4)...]))
            }
            let more = try await receive()
            guard !more.isEmpty else { throw Failure.ended }
            bytes += more
        }
    }

    /// A whole response with `Content-Length`, and whatever arrived behind it. `bytes` arrived before.
    func receiveResponse(behind bytes: [UInt8] = []) async throws -> (head: String, body: String, rest: [UInt8]) {
        var (head, bytes) = try await receiveHead(behind: bytes)
        let field = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let count = field.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        while bytes.count < count {
            let more = try await receive()
            guard !more.isEmpty else { throw Failure.ended }
            bytes += more
        }
        return (head, String(decoding: bytes.prefix(count), as: UTF8.self), Array(bytes.dropFirst(count)))
    }
}

/// The client's side of an upgraded connection.
struct RawWebSocket {
    let client: RawClient
    private var bytes: ArraySlice<UInt8> = []

    static func handshake(path: String = "/ws", extra: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(extra)\r\n"
    }

    /// The answer to the handshake.
    let head: String

    /// Connects and upgrades. `behind` is sent in the same write as the handshake, `extra` is more lines of its head.
    init(port: Int, path: String = "/ws", extra: String = "", behind: [ClientFrame] = [], receiveBufferBytes: CInt? = nil) async throws {
        client = try RawClient(port: port, receiveBufferBytes: receiveBufferBytes)
        try await client.send(Array(Self.handshake(path: path, extra: extra).utf8) + behind.bytes)
        let rest: [UInt8]
        (head, rest) = try await client.receiveHead()
        guard head.hasPrefix("HTTP/1.1 101 ") else { throw RawClient.Failure.ended }
        bytes = rest[...]
    }

    /// The next frame, or nil when the peer closed at a frame's end.
    mutating func next() async throws -> ServerFrame? {
        while true {
            if let frame = ServerFrame.take(from: &bytes) { return frame }
            let more = try await client.receive()
            if more.isEmpty {
                guard bytes.isEmpty else { throw RawClient.Failure.ended }
                return nil
            }
            bytes = ArraySlice(Array(bytes) + more)
        }
    }

    /// Every frame until the peer closes; a frame that was cut off is dropped.
    mutating func remaining() async throws -> [ServerFrame] {
        bytes += try await client.receiveAll()
        var frames: [ServerFrame] = []
        while let frame = ServerFrame.take(from: &bytes) { frames.append(frame) }
        return frames
    }
}
