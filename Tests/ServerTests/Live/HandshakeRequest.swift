import Client

/// A WebSocket handshake as a test wants it, right or wrong, and what the server answers to it.
struct HandshakeRequest {
    var line = "GET /connection/websocket HTTP/1.1"
    var headers = [
        ("Host", "ringside.test"), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    init(path: String = "/connection/websocket") {
        line = "GET \(path) HTTP/1.1"
    }

    /// The same with another value of a header; without the header where the value is nil.
    func with(_ name: String, _ value: String?) -> HandshakeRequest {
        var changed = self
        changed.headers.removeAll { $0.0 == name }
        if let value { changed.headers.append((name, value)) }
        return changed
    }

    /// The same with another first line.
    func with(line: String) -> HandshakeRequest {
        var changed = self
        changed.line = line
        return changed
    }

    struct Answer {
        let status: Int
        /// The head in lower case, for looking headers up.
        let head: String
        /// Empty after a 101: what follows are frames.
        let body: String
    }

    /// Sends the handshake; of a refusal, waits until the server has hung up.
    func answer(port: Int) async throws -> Answer {
        let socket = try await RawSocket.connect(port: port)
        try await socket.write(([line] + headers.map { "\($0.0): \($0.1)" }).joined(separator: "\r\n") + "\r\n\r\n")
        let head = String(decoding: try await socket.read(until: "\r\n\r\n"), as: UTF8.self)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var body = ""
        if status != 101 {
            try await socket.closeWriting()
            body = String(decoding: try await socket.readToEnd(), as: UTF8.self)
        }
        await socket.close()
        return Answer(status: status, head: head.lowercased(), body: body)
    }
}
