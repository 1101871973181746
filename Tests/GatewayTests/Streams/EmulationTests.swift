import Foundation
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct EmulationTests {
    private struct Connected: Decodable {
        struct Result: Decodable {
            let session: String
            let node: String
            let ping: Int
            let pong: Bool?
        }
        let connect: Result
    }

    private static func open(
        _ server: LiveServer, _ path: String = "/connection/http_stream"
    ) async throws -> (
        StreamedAnswer, Connected.Result
    ) {
        let stream = try await StreamedAnswer(
            port: server.port, HTTPConnection.request("POST", path, body: #"{"id":1,"connect":{"token":"member"}}"#)
        )
        let line = try #require(path.hasSuffix("sse") ? try await stream.event() : try await stream.line())
        return (stream, try JSONDecoder().decode(Connected.self, from: Data(line.utf8)).connect)
    }

    private static func body(_ commands: String, _ session: String, _ node: String) throws -> String {
        String(decoding: try JSONEncoder().encode(["session": session, "node": node, "data": commands]), as: UTF8.self)
    }

    @Test func `commands that are posted reach the session in their order`() async throws {
        try await LiveServer.run { server in
            let (stream, connected) = try await Self.open(server)
            #expect(connected.session.count == 32)
            #expect(connected.ping > 0)
            #expect(connected.pong == nil)
            let posts = try HTTPConnection(port: server.port)
            // One channel: each command has to wait for the one before. Out of order a subscribe would be refused as the second of its kind.
            func command(_ number: Int) -> String { number.isMultiple(of: 2) ? "subscribe" : "unsubscribe" }
            for number in 2...61 {
                let line = #"{"id":\#(number),"\#(command(number))":{"channel":"a:1"}}"#
                let answer = try await posts.send("POST", "/emulation", body: try Self.body(line, connected.session, connected.node))
                #expect(answer.status == 204)
            }
            for number in 2...61 {
                #expect(try await stream.line()?.hasPrefix(#"{"id":\#(number),"\#(command(number))":{"#) == true)
            }
            posts.close()
            stream.close()
        }
    }

    @Test func `several commands may come in one post, over server-sent events too`() async throws {
        try await LiveServer.run { server in
            let (stream, connected) = try await Self.open(server, "/connection/sse")
            let posts = try HTTPConnection(port: server.port)
            let commands = #"{"id":2,"subscribe":{"channel":"a:1"}}"# + "\n" + #"{"id":3,"unsubscribe":{"channel":"a:1"}}"# + "\n"
            let answer = try await posts.send("POST", "/emulation", body: try Self.body(commands, connected.session, connected.node))
            #expect(answer.status == 204)
            #expect(try await stream.event()?.hasPrefix(#"{"id":2,"subscribe":{"#) == true)
            #expect(try await stream.event() == #"{"id":3,"unsubscribe":{}}"#)
            posts.close()
            stream.close()
        }
    }

    @Test func `a post that leads nowhere is refused and ends nothing`() async throws {
        try await LiveServer.run { server in
            let (stream, connected) = try await Self.open(server)
            let posts = try HTTPConnection(port: server.port)
            let (session, node) = (connected.session, connected.node)
            let cases = [
                (try Self.body("{}", "0" + session.dropFirst(), "elsewhere"), 404), (try Self.body("{}", "", node), 404),
                (try Self.body("{}", session.uppercased() + "x", node), 404), (try Self.body("{}", session, "elsewhere"), 404),
                (try Self.body("", session, node), 400), ("{}", 400), ("[]", 400), ("nonsense", 400), ("", 400),
                (#"{"session":7,"node":"\#(node)","data":"{}"}"#, 400),
                (#"{"session":"\#(session)","node":"\#(node)"}"#, 400),
                (try Self.body(String(repeating: " ", count: 65_537), session, node), 413),
            ]
            for (number, (body, status)) in cases.enumerated() {
                let answer = try await posts.send("POST", "/emulation", body: body)
                #expect(answer.status == status, "case \(number): \(answer.body)")
                #expect(answer["content-type"] == "application/problem+json")
                #expect(!answer.body.contains(session))
            }
            let command = #"{"id":9,"unsubscribe":{"channel":"a:1"}}"#
            #expect(try await posts.send("POST", "/emulation", body: try Self.body(command, session, node)).status == 204)
            #expect(try await stream.line() == #"{"id":9,"unsubscribe":{}}"#)
            posts.close()
            stream.close()
        }
    }

    @Test func `commands that break the protocol end the stream, and its name with it`() async throws {
        try await LiveServer.run { server in
            let (stream, connected) = try await Self.open(server)
            let posts = try HTTPConnection(port: server.port)
            let body = try Self.body("nonsense", connected.session, connected.node)
            #expect(try await posts.send("POST", "/emulation", body: body).status == 204)
            #expect(try await stream.line() == #"{"push":{"channel":"","disconnect":{"code":3501,"reason":"bad request"}}}"#)
            #expect(try await stream.line() == nil)
            #expect(try await posts.send("POST", "/emulation", body: body).status == 404)
            posts.close()
            stream.close()
        }
    }

    @Test func `a unidirectional stream has no name to post to`() async throws {
        try await LiveServer.run { server in
            let stream = try await StreamedAnswer(
                port: server.port, HTTPConnection.request("POST", "/connection/uni_http_stream", body: #"{"token":"member"}"#)
            )
            let line = try #require(try await stream.line())
            #expect(line.hasPrefix(#"{"channel":"","connect":{"client":""#) || line.hasPrefix(#"{"connect":{"client":""#))
            #expect(!line.contains(#""session""#))
            stream.close()
        }
    }
}
