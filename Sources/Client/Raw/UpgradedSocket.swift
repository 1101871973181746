import Foundation
import NIOCore
import NIOPosix

/// A raw socket after a WebSocket handshake: any frame may be sent, every frame that comes is shown, nothing is answered by itself.
public final class UpgradedSocket: Sendable {
    /// The TCP connection underneath, for bytes that are no frames.
    public let socket: RawSocket
    /// The subprotocol that the server chose.
    public let subprotocol: String?

    private init(_ socket: RawSocket, subprotocol: String?) {
        self.socket = socket
        self.subprotocol = subprotocol
    }

    /// - Parameter headers: beside those that every handshake has; a token or a subprotocol, say.
    /// - Throws: ``ClientError/upgradeRefused(status:)``, errors of the socket.
    public static func connect(
        host: String = "127.0.0.1", port: Int, path: String = "/connection/websocket", headers: [(String, String)] = [],
        tls: ClientTLS? = nil, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> UpgradedSocket {
        let socket = try await RawSocket.connect(host: host, port: port, tls: tls, group: group)
        do {
            return try await upgrade(socket, host: "\(host):\(port)", path, headers)
        } catch {
            await socket.cut()
            throw error
        }
    }

    private static func upgrade(
        _ socket: RawSocket, host: String, _ path: String, _ headers: [(String, String)]
    ) async throws -> UpgradedSocket {
        // Any sixteen bytes make a key; the sample of RFC 6455, 1.3 has a known answer.
        let handshake =
            [
                ("Host", host), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ] + headers
        let lines = ["GET \(path) HTTP/1.1"] + handshake.map { "\($0.0): \($0.1)" }
        try await socket.write(lines.joined(separator: "\r\n") + "\r\n\r\n")
        let answer = String(decoding: try await socket.read(until: "\r\n\r\n"), as: UTF8.self).components(separatedBy: "\r\n")
        let status = answer.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        guard status == 101, value(of: "sec-websocket-accept", in: answer) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" else {
            throw ClientError.upgradeRefused(status: status)
        }
        return UpgradedSocket(socket, subprotocol: value(of: "sec-websocket-protocol", in: answer))
    }

    private static func value(of name: String, in lines: [String]) -> String? {
        lines.first { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    /// - Throws: errors of the socket.
    public func send(_ frame: RawFrame) async throws {
        try await socket.write(frame.bytes)
    }

    /// Sends one masked text frame.
    ///
    /// - Throws: errors of the socket.
    public func send(_ text: String) async throws {
        try await send(.text(text))
    }

    /// The next frame, whatever it is.
    ///
    /// - Throws: ``ClientError``: `timedOut`, `endOfStream`, `overflowed`.
    public func receive() async throws -> RawFrame {
        let head = try await socket.read(count: 2)
        var length = Int(head[1] & 0x7F)
        if length >= 126 {
            let extended = try await socket.read(count: length == 126 ? 2 : 8)
            // Clamped to what a socket may hold unread, which no frame of a test exceeds.
            length = extended.reduce(0) { min($0 << 8 | Int($1), RawSocket.unreadBytesMax + 1) }
        }
        let maskingKey = head[1] & 0x80 == 0 ? nil : try await socket.read(count: 4)
        let payload = try await socket.read(count: length)
        return RawFrame(
            head[0] & 15,
            maskingKey.map { key in payload.enumerated().map { $1 ^ key[$0 & 3] } } ?? payload,
            isFinal: head[0] & 0x80 != 0,
            reservedBits: head[0] >> 4 & 7,
            maskingKey: maskingKey
        )
    }

    /// The code of the close frame that comes next but for other frames; nil where the connection ends without one.
    ///
    /// - Throws: ``ClientError/timedOut``.
    public func receiveClose() async throws -> UInt16? {
        do {
            while true {
                let frame = try await receive()
                if frame.opcode == RawFrame.Opcode.close { return frame.closeCode }
            }
        } catch ClientError.endOfStream {
            return nil
        }
    }

    /// Ends the connection without a close frame, with a FIN.
    public func close() async { await socket.close() }

    /// Ends the connection with an RST.
    public func cut() async { await socket.cut() }
}
