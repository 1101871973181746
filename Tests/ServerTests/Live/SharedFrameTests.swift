import Client
import Gym
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct SharedFrameTests {
    /// Long enough to be worth compressing.
    private static let notice = (1...40).map { "court \($0) is closed" }.joined(separator: ", ")
    private static let offers: [(String, String)] = [("Sec-WebSocket-Extensions", "permessage-deflate")]
    private static let smallWindow: [(String, String)] = [("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=9")]

    /// A connection that follows a venue's calendar; its next frame is a publication.
    private static func follow(_ venue: Venue, at server: TestServer, headers: [(String, String)]) async throws -> UpgradedSocket {
        let socket = try await UpgradedSocket.connect(port: server.port, headers: headers)
        try await socket.send(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#)
        _ = try await socket.receive()
        try await socket.send(#"{"id":2,"subscribe":{"channel":"\#(venue.calendarChannel)"}}"#)
        _ = try await socket.receive()
        return socket
    }

    @Test func `a publication is compressed once for all who read it so, and plain for the others`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let compressed = [
                try await Self.follow(venue, at: server, headers: Self.offers),
                try await Self.follow(venue, at: server, headers: Self.offers),
            ]
            let plain = [
                try await Self.follow(venue, at: server, headers: []),
                // Frames that are made for everybody look back further than this one can.
                try await Self.follow(venue, at: server, headers: Self.smallWindow),
            ]
            try await server.announce(Self.notice, at: venue)

            var frames: [RawFrame] = []
            for socket in compressed + plain { frames.append(try await socket.receive()) }
            #expect(frames[0].reservedBits == 4 && frames[0].opcode == RawFrame.Opcode.text)
            #expect(frames[1] == frames[0])
            #expect(frames[2].reservedBits == 0 && frames[2].text.contains(Self.notice))
            #expect(frames[3] == frames[2])
            #expect(frames[0].payload.count < frames[2].payload.count / 2)
            for socket in compressed + plain { await socket.close() }
        }
    }
}
