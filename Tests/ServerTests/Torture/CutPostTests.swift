import Client
import ServerTesting
import Testing
import Wire

/// Commands that are posted beside a stream (protocol A.9), over a network that fails (A.11).
@Suite(.timeLimit(.minutes(5))) struct CutPostTests {
    private static let cuts = 16

    @Test func `a post that is cut anywhere and sent again counts once, and the stream goes on`() async throws {
        try await TestServer.run { server in
            let stream = try await FallbackStream.open(.lines, port: server.port, rest: server.rest, token: server.admin.token)
            for cut in 0..<Self.cuts {
                let venue = try await server.venue()
                let channel = venue.calendarChannel
                let command = Command(id: UInt32(100 + cut), request: .subscribe(SubscribeRequest(channel: channel)))
                let request = Self.post([command], of: stream)
                let socket = try await RawSocket.connect(port: server.port)
                // The last one is whole, but nobody waits for its answer.
                try await socket.write(Array(request.prefix(request.count * cut / (Self.cuts - 1))))
                await socket.cut()

                #expect(try await stream.post(command) == 204)
                // Where the first one has come through the second is told so.
                switch try await stream.reply(to: command.id) {
                case .subscribe: break
                case .error(let error): #expect(error == .alreadySubscribed)
                case let other: Issue.record("\(other)")
                }
                try await server.announce("once", at: venue)
                #expect(try await stream.publications(of: channel) == 1, "cut \(cut)")
            }
            await stream.cut()
        }
    }

    private static func post(_ commands: [Command], of stream: FallbackStream) -> [UInt8] {
        let frame = JSONClientCodec().encode(commands)
        let body = EmulationRequest(node: stream.result.node, session: stream.result.session, data: frame).json
        let head = """
            POST /emulation HTTP/1.1\r\nHost: ringside.test\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.count)\r\n\r\n
            """
        return Array(head.utf8) + body
    }
}

extension FallbackStream {
    /// The next reply to a command; everything before it is passed over.
    fileprivate func reply(to id: UInt32) async throws -> Reply.Body? {
        while let message = try await next() {
            if case .reply(let reply) = message, reply.id == id { return reply.body }
        }
        return nil
    }

    /// How many publications of a channel come before the answer to a command that is sent now.
    fileprivate func publications(of channel: String) async throws -> Int {
        let id: UInt32 = 9_999
        guard try await post(Command(id: id, request: .history(HistoryRequest(channel: channel)))) == 204 else { return -1 }
        var count = 0
        while let message = try await next() {
            if case .push(let push) = message, push.channel == channel, case .publication = push.body { count += 1 }
            if case .reply(let reply) = message, reply.id == id { return count }
        }
        return -1
    }
}
