import Client
import Foundation
import ServerTesting
import Wire

/// A streamed answer that carries a live connection, as a client without WebSockets has it: read message by message, with commands posted
/// beside it.
final class FallbackStream {
    enum Form: CaseIterable {
        case eventsByQuery, events, lines, lengths

        var path: String { self == .eventsByQuery || self == .events ? "/connection/sse" : "/connection/http_stream" }
        var codec: any ServerCodec { self == .lengths ? ProtobufClientCodec() : JSONClientCodec() }
        var contentType: String { self == .lengths ? "application/octet-stream" : "application/json" }
    }

    let form: Form
    private(set) var result = ConnectResult(client: "")
    /// In lower case.
    private(set) var head = ""
    private let socket: RawSocket
    private let rest: RESTClient
    private var body: [UInt8] = []
    private var messages: [ServerMessage] = []
    private var hasEnded = false

    private init(_ form: Form, _ socket: RawSocket, _ rest: RESTClient) {
        self.form = form
        self.socket = socket
        self.rest = rest
    }

    /// Opens a stream and sends its connect command; what answers it is still to be read.
    static func begin(_ form: Form, port: Int, rest: RESTClient, _ request: ConnectRequest) async throws -> FallbackStream {
        let command = form.codec.encode([Command(id: 1, request: .connect(request))])
        let socket = try await RawSocket.connect(port: port)
        let stream = FallbackStream(form, socket, rest.with(token: nil))
        if form == .eventsByQuery {
            let text = String(decoding: command, as: UTF8.self).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            try await socket.write("GET \(form.path)?cf_connect=\(text) HTTP/1.1\r\nHost: ringside.test\r\n\r\n")
        } else {
            let head = "POST \(form.path) HTTP/1.1\r\nHost: ringside.test\r\nContent-Type: \(form.contentType)\r\n"
            try await socket.write(Array("\(head)Content-Length: \(command.count)\r\n\r\n".utf8) + command)
        }
        stream.head = String(decoding: try await socket.read(until: "\r\n\r\n"), as: UTF8.self).lowercased()
        return stream
    }

    /// The same in the name of a token; returns when the connection stands.
    static func open(
        _ form: Form, port: Int, rest: RESTClient, token: String, since positions: [String: StreamPosition] = [:]
    ) async throws -> FallbackStream {
        let subs = positions.mapValues { SubscribeRequest(recover: true, epoch: $0.epoch, offset: $0.offset) }
        let stream = try await begin(form, port: port, rest: rest, ConnectRequest(token: token, subs: subs))
        guard case .reply(let reply) = try await stream.next(), case .connect(let result) = reply.body else {
            throw ClientError.unexpectedMessage
        }
        stream.result = result
        return stream
    }

    /// Posts commands; returns the status of the post.
    @discardableResult
    func post(_ commands: Command...) async throws -> Int {
        let frame = form.codec.encode(commands)
        let request = EmulationRequest(node: result.node, session: result.session, data: frame)
        let body = form == .lengths ? request.protobuf : request.json
        return try await rest.send("POST", "/emulation", body: body, headers: [("Content-Type", form.contentType)]).status
    }

    /// Posts a command and reads its reply; pushes before it are passed over.
    func call(_ request: Command.Request, id: UInt32) async throws -> Reply.Body {
        guard try await post(Command(id: id, request: request)) == 204 else { throw ClientError.unexpectedMessage }
        while let message = try await next() {
            if case .reply(let reply) = message, reply.id == id { return reply.body }
        }
        throw ClientError.endOfStream
    }

    /// The next publication of a channel; everything else is passed over.
    func publication(of channel: String) async throws -> Publication {
        while let message = try await next() {
            guard case .push(let push) = message, push.channel == channel else { continue }
            if case .publication(let publication) = push.body { return publication }
        }
        throw ClientError.endOfStream
    }

    /// The next message; nil at the end of the answer.
    func next() async throws -> ServerMessage? {
        while messages.isEmpty {
            if let frame = takeFrame() {
                messages = try frame.withUnsafeBytes { try form.codec.decode($0) }
            } else if try await !readChunk() {
                return nil
            }
        }
        return messages.removeFirst()
    }

    /// The code that the server says goodbye with; waits until it does.
    func disconnectCode() async throws -> UInt16? {
        var code: UInt16?
        while let message = try await next() {
            if case .push(let push) = message, case .disconnect(let disconnect) = push.body { code = disconnect.code }
        }
        return code
    }

    func cut() async { await socket.cut() }
    func close() async { await socket.close() }

    /// The bytes of one message at least, as the codec reads them.
    private func takeFrame() -> [UInt8]? {
        switch form {
        case .lengths:
            guard let length = body.first.map(Int.init) else { return nil }
            // Two groups of seven bits are more than any message here.
            let isShort = length < 0x80
            guard isShort || body.count >= 2 else { return nil }
            let end = isShort ? 1 + length : 2 + (length & 0x7F | Int(body[1]) << 7)
            guard body.count >= end else { return nil }
            defer { body.removeFirst(end) }
            return Array(body[..<end])
        case .lines, .events, .eventsByQuery:
            while let end = body.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: body[..<end], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
                body.removeFirst(end + 1)
                let text = form == .lines ? line : line.hasPrefix("data: ") ? String(line.dropFirst(6)) : ""
                if !text.isEmpty { return Array(text.utf8) }
            }
            return nil
        }
    }

    private func readChunk() async throws -> Bool {
        guard !hasEnded else { return false }
        let size = String(decoding: try await socket.read(until: "\r\n"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let chunk = try await socket.read(count: (Int(size, radix: 16) ?? 0) + 2)
        body += chunk.dropLast(2)
        hasEnded = chunk.count == 2
        return !hasEnded
    }
}

extension EmulationRequest {
    /// The body of a post in JSON.
    var json: [UInt8] {
        // Texts can always be encoded.
        (try? JSONByteEncoder().encode(["session": session, "node": node, "data": String(decoding: data, as: UTF8.self)])) ?? []
    }

    /// The body in Protobuf, by hand: three fields of texts and bytes (client.proto).
    var protobuf: [UInt8] {
        Self.field(0x0A, Array(node.utf8)) + Self.field(0x12, Array(session.utf8)) + Self.field(0x1A, data)
    }

    private static func field(_ tag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        let count = bytes.count
        let length = count < 0x80 ? [UInt8(count)] : [UInt8(count & 0x7F | 0x80), UInt8(count >> 7)]
        return [tag] + length + bytes
    }
}

extension TestUser {
    /// Opens a stream in the user's name.
    func stream(_ form: FallbackStream.Form, since positions: [String: StreamPosition] = [:]) async throws -> FallbackStream {
        let port = rest.baseURL.split(separator: ":").last.flatMap { Int($0) } ?? 0
        return try await FallbackStream.open(form, port: port, rest: rest, token: token, since: positions)
    }
}
