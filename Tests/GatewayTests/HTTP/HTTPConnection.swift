import Foundation

/// A keep-alive connection that speaks HTTP/1.1 byte by byte.
final class HTTPConnection {
    private let client: RawClient
    private var pending: [UInt8] = []

    init(port: Int) throws {
        client = try RawClient(port: port)
    }

    func close() { client.close() }

    func write(_ text: String) async throws { try await client.send(text) }
    func write(_ bytes: [UInt8]) async throws { try await client.send(bytes) }

    func send(
        _ method: String, _ path: String, token: String? = nil, fields: [String] = [], body: String? = nil
    ) async throws -> HTTPAnswer {
        try await write(Self.request(method, path, token: token, fields: fields, body: body))
        return try await answer(isBodyLess: method == "HEAD")
    }

    static func request(
        _ method: String, _ path: String, token: String? = nil, fields: [String] = [], body: String? = nil
    ) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + fields
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let body {
            if !fields.contains(where: { $0.lowercased().hasPrefix("content-type") }) { lines.append("Content-Type: application/json") }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    /// The next answer; interim ones are passed over.
    func answer(isBodyLess: Bool = false) async throws -> HTTPAnswer {
        while true {
            var end = HTTPAnswer.headEnd(in: pending)
            while end == nil {
                try await readMore()
                end = HTTPAnswer.headEnd(in: pending)
            }
            guard let end else { throw RawClient.Failure.ended }
            var answer = HTTPAnswer(head: String(decoding: pending[..<end], as: UTF8.self))
            pending.removeFirst(end + 4)
            guard answer.status >= 200 else { continue }
            let count = isBodyLess ? 0 : answer["content-length"].flatMap { Int($0) } ?? 0
            while pending.count < count { try await readMore() }
            answer.body = String(decoding: pending.prefix(count), as: UTF8.self)
            pending.removeFirst(count)
            return answer
        }
    }

    /// Whether the server closes the connection with nothing more to say.
    func isClosedByServer() async throws -> Bool {
        guard pending.isEmpty else { return false }
        return try await client.receive().isEmpty
    }

    private func readMore() async throws {
        let bytes = try await client.receive()
        guard !bytes.isEmpty else { throw RawClient.Failure.ended }
        pending += bytes
    }
}

struct HTTPAnswer {
    let status: Int
    private let fields: [(name: String, value: String)]
    var body = ""

    init(head: String) {
        let lines = head.components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        fields = lines.dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2 ? (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)) : nil
        }
    }

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    var json: [String: Any]? { (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] }
    var code: String? { json?["code"] as? String }

    static func headEnd(in bytes: [UInt8]) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }
    }
}
