import Realtime
import Testing

@testable import Gateway

/// Who comes by a stream comes through the same door as who comes by a WebSocket.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StreamAdmissionTests {
    private static let streams = ["/connection/sse", "/connection/http_stream", "/connection/uni_sse", "/connection/uni_http_stream"]

    private static func request(_ path: String) -> String {
        let command = path.contains("uni_") ? #"{"token":"member"}"# : #"{"id":1,"connect":{"token":"member"}}"#
        return HTTPConnection.request("POST", path, body: command)
    }

    @Test(arguments: streams) func `streams beyond the rate of handshakes are told when to come back`(_ path: String) async throws {
        var door = GatewayConfiguration()
        door.upgradesPerSecondMax = 0
        door.upgradesBurstMax = 2
        try await LiveServer.run(door: door) { server in
            let first = try await StreamedAnswer(port: server.port, Self.request(path))
            #expect(first.head.status == 200)
            // Both kinds take from one budget.
            let socket = try await RawWebSocket(port: server.port, path: "/connection/websocket")
            let refused = try await StreamedAnswer(port: server.port, Self.request(path))
            #expect(refused.head.status == 503)
            #expect(refused.head["retry-after"] != nil)
            let client = try RawClient(port: server.port)
            try await client.send(RawWebSocket.handshake(path: "/connection/websocket"))
            #expect(String(decoding: try await client.receiveAll(), as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
            client.close()
            refused.close()
            socket.client.close()
            first.close()
        }
    }

    @Test func `connections of one address are counted whatever comes over them`() async throws {
        var door = GatewayConfiguration()
        door.connectionsPerAddressMax = 2
        try await LiveServer.run(door: door) { server in
            let stream = try await StreamedAnswer(port: server.port, Self.request("/connection/http_stream"))
            let socket = try await RawWebSocket(port: server.port, path: "/connection/websocket")
            let third = try await StreamedAnswer(port: server.port, Self.request("/connection/http_stream"))
            #expect(third.head.status == 503)
            #expect(third.head["retry-after"] != nil)
            third.close()
            socket.client.close()
            stream.close()
        }
    }

    @Test func `streams count among the connections of their user and of their address`() async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = 1
        try await LiveServer.run(settings: settings) { server in
            let first = try await StreamedAnswer(port: server.port, Self.request("/connection/http_stream"))
            _ = try await first.line()
            let second = try await StreamedAnswer(port: server.port, Self.request("/connection/http_stream"))
            #expect(try await second.line()?.contains(#""disconnect":{"code":3504"#) == true)
            second.close()
            first.close()
        }
        settings = HubSettings()
        settings.connectionsPerAddressMax = 1
        try await LiveServer.run(settings: settings) { server in
            let first = try await StreamedAnswer(port: server.port, Self.request("/connection/sse"))
            _ = try await first.event()
            let second = try await StreamedAnswer(port: server.port, Self.request("/connection/http_stream"))
            #expect(try await second.line()?.contains(#""disconnect":{"code":3504"#) == true)
            second.close()
            first.close()
        }
    }

    @Test func `commands that are posted cost what commands of a socket cost`() async throws {
        var settings = HubSettings()
        settings.commandsPerSecond = 1
        settings.commandsBurst = 3
        try await LiveServer.run(settings: settings) { server in
            let stream = try await StreamedAnswer(port: server.port, Self.request("/connection/http_stream"))
            let connected = try #require(try await stream.line())
            func member(_ name: String) throws -> String {
                let start = try #require(connected.firstRange(of: "\"\(name)\":\"")).upperBound
                return String(connected[start...].prefix { $0 != "\"" })
            }
            let command = #"{\"id\":2,\"unsubscribe\":{\"channel\":\"x\"}}"#
            let body = #"{"session":"\#(try member("session"))","node":"\#(try member("node"))","data":"\#(command)"}"#
            let connection = try HTTPConnection(port: server.port)
            for _ in 1...4 { _ = try await connection.send("POST", "/emulation", body: body) }
            var last = ""
            while let line = try await stream.line() { last = line }
            #expect(last.contains(#""disconnect":{"code":3013"#))
            connection.close()
            stream.close()
        }
    }
}
