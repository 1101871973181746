import Foundation

/// A streamed answer as its client reads it, message by message.
final class StreamedAnswer {
    let head: HTTPAnswer
    private let client: RawClient
    private var bytes: [UInt8]
    /// What is unread of the body, without the chunks' framing.
    private var body: [UInt8] = []
    private var searched = 0
    private var hasEnded = false

    init(port: Int, receiveBufferBytes: CInt? = nil, _ request: String) async throws {
        client = try RawClient(port: port, receiveBufferBytes: receiveBufferBytes)
        try await client.send(request)
        let (head, rest) = try await client.receiveHead()
        self.head = HTTPAnswer(head: head)
        bytes = rest
    }

    /// The next line of text; nil at the body's end.
    func line() async throws -> String? {
        while true {
            if let end = body[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: body[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
                body.removeFirst(end + 1)
                searched = 0
                return line
            }
            searched = body.count
            guard try await readChunk() else { return nil }
        }
    }

    /// The next event's data; nil at the body's end.
    func event() async throws -> String? {
        while let line = try await line() {
            if line.hasPrefix("data: ") { return String(line.dropFirst(6)) }
        }
        return nil
    }

    /// Everything until the end of the body.
    func rest() async throws -> String {
        while try await readChunk() {}
        return String(decoding: body, as: UTF8.self)
    }

    func close() { client.close() }

    private func readChunk() async throws -> Bool {
        guard !hasEnded else { return false }
        while true {
            if let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10]) }) {
                let count = Int(String(decoding: bytes[..<end], as: UTF8.self), radix: 16) ?? 0
                if bytes.count >= end + 2 + count + 2 {
                    body += bytes[(end + 2)..<(end + 2 + count)]
                    bytes.removeFirst(end + 2 + count + 2)
                    hasEnded = count == 0
                    return !hasEnded
                }
            }
            let more = try await client.receive()
            guard !more.isEmpty else { throw RawClient.Failure.ended }
            bytes += more
        }
    }
}
