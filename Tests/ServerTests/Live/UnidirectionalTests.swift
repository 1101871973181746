import Client
import Foundation
import Gym
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(5))) struct UnidirectionalTests {
    private static let codec = JSONClientCodec(direction: .down)

    /// A stream of bare pushes, line by line.
    private struct Stream {
        let socket: RawSocket

        init(port: Int, _ path: String, _ body: String?) async throws {
            socket = try await RawSocket.connect(port: port)
            if let body {
                try await socket.write("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            } else {
                try await socket.write("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            let head = String(decoding: try await socket.read(until: "\r\n\r\n"), as: UTF8.self)
            guard head.hasPrefix("HTTP/1.1 200 ") else { throw ClientError.unexpectedMessage }
        }

        /// The next object of the body, whatever frames it.
        func push() async throws -> Push {
            while true {
                let line = String(decoding: try await socket.read(until: "\n"), as: UTF8.self)
                guard let start = line.firstIndex(of: "{"), line.contains("}") else { continue }
                let text = Array(line[start...].utf8)
                guard case .push(let push)? = try text.withUnsafeBytes({ try codec.decode($0) }).first else { continue }
                return push
            }
        }
    }

    private static func connect(_ token: String, _ subs: String = "") -> String {
        #"{"token":"\#(token)"\#(subs.isEmpty ? "" : #","subs":{\#(subs)}"#)}"#
    }

    @Test(arguments: ["/connection/uni_sse", "/connection/uni_http_stream", "query"])
    func `bare pushes come of one's own channel and of those asked for at connect`(_ path: String) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            let calendar = "calendar:venue:\(slot.venueID)"
            let request = Self.connect(ana.token, #""\#(calendar)":{},"ops:venue:\#(slot.venueID)":{},"nowhere:1":{}"#)
            let query = request.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let stream =
                path == "query"
                ? try await Stream(port: server.port, "/connection/uni_sse?cf_connect=\(query)", nil)
                : try await Stream(port: server.port, path, request)

            guard case .connect(let result) = try await stream.push().body else { throw ClientError.unexpectedMessage }
            // A member of the club is not staff, and the channel that is none is left out.
            #expect(result.subs.keys.sorted() == [calendar, "personal:#\(ana.id)"])
            #expect(result.ping == 25)
            #expect(!result.pong)
            #expect(result.session.isEmpty && result.node.isEmpty)

            try await ana.reserve(slot).success()
            var channels: Set<String> = []
            for _ in 1...2 {
                let push = try await stream.push()
                guard case .publication = push.body else { throw ClientError.unexpectedMessage }
                channels.insert(push.channel)
            }
            #expect(channels == [calendar, "personal:#\(ana.id)"])
            await stream.socket.close()
        }
    }

    @Test func `over a WebSocket the first message is the connect request, and the last`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 5)
            let socket = try await UpgradedSocket.connect(port: server.port, path: "/connection/uni_websocket")
            try await socket.send(Self.connect(ana.token))
            #expect(try await socket.lines(1)[0].contains(#""connect":{"client":""#))
            try await ana.reserve(slot).success()
            let event = #"{"channel":"personal:#\#(ana.id)","pub":{"data":{"type":"reservation.created""#
            #expect(try await socket.lines(1)[0].hasPrefix(event))
            try await socket.send(#"{"id":2,"subscribe":{"channel":"calendar:venue:1"}}"#)
            #expect(try await socket.receiveClose() == 3501)
            await socket.close()
        }
    }

    @Test func `events that were missed come with the connect push`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let own = "personal:#\(ana.id)"
            let before = try await ana.connect()
            let start = try #require(before.established?.subs[own])
            await before.close()
            try await ana.reserve(try await server.slot(capacity: 5)).success()

            let since = #""\#(own)":{"recover":true,"epoch":"\#(start.epoch)","offset":\#(start.offset)}"#
            let stream = try await Stream(port: server.port, "/connection/uni_http_stream", Self.connect(ana.token, since))

            guard case .connect(let result) = try await stream.push().body else { throw ClientError.unexpectedMessage }
            #expect(result.subs[own]?.recovered == true)
            #expect(result.subs[own]?.publications.map(\.offset) == [start.offset + 1])
            await stream.socket.close()
        }
    }

    @Test func `what would be an error closes the connection with a code`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            server.time.advance(bySeconds: 901)
            for (request, code) in [
                (Self.connect(ana.token), UInt16(3005)), (Self.connect("nonsense"), 3500), ("{}", 3501), ("nonsense", 3501), ("[]", 3501),
            ] {
                let socket = try await UpgradedSocket.connect(port: server.port, path: "/connection/uni_websocket")
                try await socket.send(request)
                #expect(try await socket.receiveClose() == code, "\(request)")
                await socket.close()

                let stream = try await Stream(port: server.port, "/connection/uni_sse", request)
                guard case .disconnect(let disconnect) = try await stream.push().body else { throw ClientError.unexpectedMessage }
                #expect(disconnect.code == code, "\(request)")
                await stream.socket.close()
            }
        }
    }
}
