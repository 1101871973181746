import Client
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct HostileFrameTests {
    private typealias Opcode = RawFrame.Opcode

    /// Bytes behind a handshake, and the code that they earn.
    private static let offences: [(name: String, bytes: [UInt8], code: UInt16)] = [
        ("unmasked", RawFrame(Opcode.text, [0x7B, 0x7D], maskingKey: nil).bytes, 1002),
        ("first reserved bit", RawFrame(Opcode.text, [0x7B], reservedBits: 4).bytes, 1002),
        ("last reserved bit", RawFrame(Opcode.ping, [], reservedBits: 1).bytes, 1002),
        ("reserved data opcode", RawFrame(3).bytes, 1002),
        ("reserved control opcode", RawFrame(11).bytes, 1002),
        ("fragmented ping", RawFrame(Opcode.ping, [1], isFinal: false).bytes, 1002),
        ("long ping", RawFrame(Opcode.ping, Array(repeating: 1, count: 126)).bytes, 1002),
        ("continuation of nothing", RawFrame(Opcode.continuation, [1]).bytes, 1002),
        ("message inside a message", RawFrame(Opcode.text, [0x7B], isFinal: false).bytes + RawFrame.text("{}").bytes, 1002),
        ("close of one byte", RawFrame(Opcode.close, [3]).bytes, 1002),
        ("close with a code that may not travel", RawFrame(Opcode.close, [0x03, 0xED]).bytes, 1002),
        ("close with a reason that is no text", RawFrame(Opcode.close, [0x03, 0xE8, 0xFF]).bytes, 1007),
        ("length that is longer than needed", [0x81, 0xFE, 0, 5, 1, 2, 3, 4], 1002),
        ("length of more than 63 bits", [0x81, 0xFF] + Array(repeating: 0xFF, count: 8), 1002),
        ("message of 64 KiB and a byte", [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4], 1009),
        (
            "message too long in its fragments",
            RawFrame(Opcode.text, Array(repeating: 0x20, count: 40_000), isFinal: false).bytes
                + RawFrame(Opcode.continuation, Array(repeating: 0x20, count: 40_000)).bytes, 1009
        ),
        ("bad UTF-8", RawFrame(Opcode.text, [0xC0, 0x80]).bytes, 1007),
        ("half a character at the end", RawFrame(Opcode.text, [0xE2, 0x82]).bytes, 1007),
        (
            "a flood of empty fragments",
            RawFrame(Opcode.text, [], isFinal: false).bytes
                + Array(repeating: RawFrame(Opcode.continuation, [], isFinal: false).bytes, count: 1_024).joined(), 1008
        ),
    ]

    @Test func `every frame that breaks the rules closes its connection with the code for it, and no other connection`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let watch = try await server.admin.watch(VenueCalendar(venue: venue.id.rawValue))
            for offence in Self.offences {
                let socket = try await UpgradedSocket.connect(port: server.port)
                try await socket.socket.write(offence.bytes)
                let code = try await socket.receiveClose()
                #expect(code == offence.code, "\(offence.name)")
                await socket.close()
            }

            try await server.announce("still here", at: venue)
            #expect(try await watch.next(VenueChanged.self).notice == "still here")
            await watch.connection.close()
        }
    }

    @Test func `a ping between fragments is answered and the message is whole`() async throws {
        try await TestServer.run { server in
            let socket = try await UpgradedSocket.connect(port: server.port)
            let connect = Array(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#.utf8)

            try await socket.send(RawFrame(Opcode.text, Array(connect[..<20]), isFinal: false))
            try await socket.send(RawFrame(Opcode.ping, [1, 2, 3]))
            let pong = try await socket.receive()
            #expect(pong.opcode == Opcode.pong)
            #expect(pong.payload == [1, 2, 3])
            try await socket.send(RawFrame(Opcode.pong, [9]))
            try await socket.send(RawFrame(Opcode.continuation, Array(connect[20...])))
            #expect(try await socket.lines(1)[0].contains("connect"))

            try await socket.send(RawFrame(Opcode.close, [0x0F, 0xA0]))
            #expect(try await socket.receive().closeCode == 4000)
            await socket.close()
        }
    }

    @Test func `half a frame and then silence holds up nobody, and its end is no error`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let watch = try await server.admin.watch(VenueCalendar(venue: venue.id.rawValue))
            let whole = RawFrame.text(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#).bytes
            var silent: [UpgradedSocket] = []
            for length in [1, 2, 5, 6, 7, whole.count - 1] {
                let socket = try await UpgradedSocket.connect(port: server.port)
                try await socket.socket.write(Array(whole[..<length]))
                silent.append(socket)
            }

            try await server.announce("one", at: venue)
            #expect(try await watch.next(VenueChanged.self).notice == "one")
            for (number, socket) in silent.enumerated() {
                if number.isMultiple(of: 2) { await socket.cut() } else { await socket.close() }
            }
            try await server.announce("two", at: venue)
            #expect(try await watch.next(VenueChanged.self).notice == "two")
            await watch.connection.close()
        }
    }

    @Test func `a frame of one byte at a time is a frame`() async throws {
        try await TestServer.run { server in
            let socket = try await UpgradedSocket.connect(port: server.port)
            let frame = RawFrame.text(#"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"#)
            for byte in frame.bytes { try await socket.socket.write([byte]) }
            #expect(try await socket.lines(1)[0].hasPrefix(#"{"id":1,"connect":{"#))
            await socket.close()
        }
    }
}
