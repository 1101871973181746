import Foundation
import NIOCore
import Realtime
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct StreamLifeTests {
    /// As somebody who is at once subscribed to their own channel, `personal:#1`.
    private static let request = HTTPConnection.request(
        "POST", "/connection/http_stream", body: #"{"id":1,"connect":{"token":"member"}}"#
    )

    @Test func `a stream that fails ends with a disconnect push, and not at once`() async throws {
        try await LiveServer.run { server in
            let clock = ContinuousClock()
            for command in [#"{"id":1,"connect":{"token":"nobody's"}}"#, #"{"id":1,"subscribe":{"channel":"a:1"}}"#, "nonsense"] {
                let start = clock.now
                let answer = try await StreamedAnswer(
                    port: server.port, HTTPConnection.request("POST", "/connection/sse", body: command)
                )
                let last = try await answer.event()
                #expect(last?.hasPrefix(#"{"push":{"#) == true)
                #expect(last?.contains(#""disconnect":{"code":350"#) == true)
                #expect(try await answer.event() == nil)
                #expect(clock.now - start >= .milliseconds(500))
                answer.close()
            }
            #expect(server.hub.connectionCount == 0)
        }
    }

    @Test func `the connection closes behind the end of the body`() async throws {
        try await LiveServer.run { server in
            let client = try RawClient(port: server.port)
            try await client.send(HTTPConnection.request("POST", "/connection/http_stream", body: "nonsense"))
            let text = String(decoding: try await client.receiveAll(), as: UTF8.self)
            #expect(text.hasSuffix("\r\n0\r\n\r\n"))
            #expect(text.contains(#"{"push":{"channel":"","disconnect":{"code":3501,"reason":"bad request"}}}"#))
            client.close()
        }
    }

    @Test func `events reach every stream, in order`() async throws {
        try await LiveServer.run { server in
            var streams: [StreamedAnswer] = []
            for _ in 1...2 { streams.append(try await StreamedAnswer(port: server.port, Self.request)) }
            for stream in streams { _ = try await stream.line() }
            for number in 1...100 { server.publish(#"{"number":\#(number)}"#, to: "personal:#1") }
            for stream in streams {
                for number in 1...100 {
                    #expect(
                        try await stream.line()
                            == #"{"push":{"channel":"personal:#1","pub":{"data":{"number":\#(number)},"offset":\#(number)}}}"#)
                }
                stream.close()
            }
        }
    }

    @Test func `a client that is gone takes its session with it`() async throws {
        var settings = HubSettings()
        settings.connectionsMax = 1
        try await LiveServer.run(settings: settings) { server in
            let stream = try await StreamedAnswer(port: server.port, Self.request)
            _ = try await stream.line()
            stream.close()
            try await server.waitForRoom()
        }
    }

    @Test func `a client that does not read is sent away as too slow`() async throws {
        var configuration = HTTPStreamConfiguration()
        configuration.queueBytesMax = 200_000
        configuration.closeTimeout = .seconds(60)
        var settings = HubSettings()
        settings.connectionsMax = 1
        try await LiveServer.run(settings: settings, streams: configuration) { server in
            let stream = try await StreamedAnswer(port: server.port, Self.request)
            _ = try await stream.line()
            let text = String(repeating: "x", count: 50_000)
            for number in 1...400 { server.publish(#"{"number":\#(number),"text":"\#(text)"}"#, to: "personal:#1") }
            // The session is gone; what was on its way to the client still is.
            try await server.waitForRoom()
            let rest = try await stream.rest()
            #expect(rest.hasSuffix(#"{"push":{"channel":"","disconnect":{"code":3008,"reason":"slow","reconnect":true}}}"# + "\n"))
            // What did arrive is whole and without a gap.
            let numbers = rest.split(separator: "\n").dropLast().compactMap { line in
                line.firstRange(of: #""number":"#).flatMap { Int(line[$0.upperBound...].prefix { $0.isNumber }) }
            }
            #expect(numbers == Array(1...max(numbers.count, 1)))
            #expect(numbers.count < 400)
            #expect(await server.closes(3008) == 1)
            stream.close()
        }
    }

    @Test func `a client that takes nothing at all is cut off`() async throws {
        var configuration = HTTPStreamConfiguration()
        configuration.stallTimeout = .milliseconds(10)
        configuration.queueBytesMax = 64 << 20
        var settings = HubSettings()
        settings.connectionsMax = 1
        try await LiveServer.run(settings: settings, streams: configuration) { server in
            let stream = try await StreamedAnswer(port: server.port, receiveBufferBytes: 4_096, Self.request)
            _ = try await stream.line()
            let text = String(repeating: "x", count: 900_000)
            for _ in 1...20 { server.publish(#"{"text":"\#(text)"}"#, to: "personal:#1") }
            try await server.waitForRoom()
            // There is no end of the body, and no goodbye.
            await #expect(throws: RawClient.Failure.self) { try await stream.rest() }
            #expect(await server.closes(3009) == 1)
            stream.close()
        }
    }

    @Test func `a long frame passes in pieces`() async throws {
        try await LiveServer.run { server in
            let stream = try await StreamedAnswer(port: server.port, Self.request)
            _ = try await stream.line()
            let text = String(repeating: "y", count: 700_000)
            server.publish(#""\#(text)""#, to: "personal:#1")
            #expect(try await stream.line()?.contains(text) == true)
            stream.close()
        }
    }

    @Test func `a server that stops says so`() async throws {
        let stopped = try await LiveServer.running { server in
            let stream = try await StreamedAnswer(port: server.port, Self.request)
            _ = try await stream.line()
            return stream
        }
        let last = try await stopped.line()
        #expect(last == #"{"push":{"channel":"","disconnect":{"code":3001,"reason":"shutdown","reconnect":true}}}"#)
        #expect(try await stopped.line() == nil)
        stopped.close()
    }
}
