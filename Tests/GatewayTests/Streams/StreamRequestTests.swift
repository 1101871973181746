import Foundation
import Realtime
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct StreamRequestTests {
    private static let connect = #"{"id":1,"connect":{"token":"member"}}"#

    private static func post(_ path: String, _ body: String = connect, fields: [String] = []) -> String {
        HTTPConnection.request("POST", path, fields: fields, body: body)
    }

    private static func query(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    @Test(arguments: [
        ("GET", "/connection/sse?cf_connect=\(query(connect))", "text/event-stream; charset=utf-8"),
        ("POST", "/connection/sse", "text/event-stream; charset=utf-8"),
        ("POST", "/connection/http_stream", "application/x-ndjson"),
        ("GET", "/connection/uni_sse?cf_connect=\(query(#"{"token":"member"}"#))", "text/event-stream; charset=utf-8"),
    ])
    func `a stream begins with a head that keeps everybody on the way from holding it back`(
        _ method: String, _ path: String, _ type: String
    ) async throws {
        try await LiveServer.run { server in
            let body = method == "POST" ? Self.connect : nil
            let answer = try await StreamedAnswer(port: server.port, HTTPConnection.request(method, path, body: body))
            #expect(answer.head.status == 200)
            #expect(answer.head["content-type"] == type)
            #expect(answer.head["cache-control"] == "private, no-cache, no-store, must-revalidate, max-age=0")
            #expect(answer.head["x-accel-buffering"] == "no")
            #expect(answer.head["connection"] == "keep-alive")
            #expect(answer.head["transfer-encoding"] == "chunked")
            #expect(answer.head["date"] != nil)
            let first = type.hasPrefix("text") ? try await answer.event() : try await answer.line()
            #expect(first?.contains(#""connect":{"client":""#) == true)
            answer.close()
        }
    }

    @Test func `server-sent events begin with an empty line`() async throws {
        try await LiveServer.run { server in
            let answer = try await StreamedAnswer(port: server.port, Self.post("/connection/sse"))
            #expect(try await answer.line() == "")
            #expect(try await answer.line()?.hasPrefix("data: {") == true)
            #expect(try await answer.line() == "")
            answer.close()
        }
    }

    @Test(arguments: [
        ("GET /connection/sse", "", 400),
        ("GET /connection/sse?cf_connect=", "", 400),
        ("GET /connection/http_stream", "", 405),
        ("PUT /connection/sse", "", 405),
        ("HEAD /connection/sse", "", 405),
        ("POST /connection/http_stream", "Content-Length: 0\r\n", 400),
        ("POST /connection/http_stream", "Content-Length: 65537\r\n", 413),
        ("POST /connection/sse", "Content-Length: 2\r\nOrigin: https://elsewhere.example\r\n", 403),
        ("GET /connection/elsewhere", "", 404),
        ("GET /emulation", "", 405),
    ])
    func `a request that opens no stream is told why`(_ line: String, _ fields: String, _ status: Int) async throws {
        try await LiveServer.run { server in
            let client = try RawClient(port: server.port)
            try await client.send("\(line) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
            if line.hasPrefix("HEAD") {
                #expect(try await client.receiveHead().head.hasPrefix("HTTP/1.1 \(status) "))
            } else {
                let (head, body, _) = try await client.receiveResponse()
                #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(head)")
                #expect(body.contains(#""status":\#(status)"#))
            }
            client.close()
        }
    }

    @Test func `a body that grows too large is refused, whatever it declared`() async throws {
        try await LiveServer.run { server in
            let client = try RawClient(port: server.port)
            try await client.send("POST /connection/sse HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
            try await client.send(chunk + chunk + chunk)
            let (head, body, _) = try await client.receiveResponse()
            #expect(head.hasPrefix("HTTP/1.1 413 "))
            #expect(head.contains("Connection: close"))
            #expect(body.contains(#""status":413"#))
            #expect(try await client.receive().isEmpty)
            client.close()
        }
    }

    @Test func `a body that does not arrive ends the connection`() async throws {
        var configuration = HTTPStreamConfiguration()
        configuration.requestTimeout = .milliseconds(50)
        try await LiveServer.run(streams: configuration) { server in
            let client = try RawClient(port: server.port)
            try await client.send("POST /connection/sse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
            #expect(try await client.receiveAll().isEmpty)
            client.close()
        }
    }

    @Test func `a client that asks for leave to send its body gets it`() async throws {
        try await LiveServer.run { server in
            let client = try RawClient(port: server.port)
            let fields = "Host: localhost\r\nExpect: 100-continue\r\nContent-Length: \(Self.connect.utf8.count)"
            try await client.send("POST /connection/http_stream HTTP/1.1\r\n\(fields)\r\n\r\n")
            #expect(try await client.receiveHead().head == "HTTP/1.1 100 Continue")
            try await client.send(Self.connect)
            #expect(try await client.receiveHead().head.hasPrefix("HTTP/1.1 200 OK"))
            client.close()
        }
    }

    @Test func `a stream may follow other requests on its connection, each answered in its turn`() async throws {
        try await LiveServer.run { server in
            let client = try RawClient(port: server.port)
            try await client.send(HTTPConnection.request("GET", "/healthz"))
            #expect(try await client.receiveResponse().head.hasPrefix("HTTP/1.1 200 OK"))
            // The next two in one piece: the stream waits for the answer before it, and what follows it is never heard.
            try await client.send(
                HTTPConnection.request("GET", "/api/v1/things/7") + Self.post("/connection/http_stream")
                    + HTTPConnection.request("GET", "/healthz")
            )
            var (head, body, rest) = try await client.receiveResponse()
            #expect(body == #"{"id":7,"name":"read"}"#)
            while !rest.contains(UInt8(ascii: "{")) { rest += try await client.receive() }
            head = String(decoding: rest, as: UTF8.self)
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(head.contains("application/x-ndjson"))
            #expect(server.hub.connectionCount == 1)
            client.close()
        }
    }

    @Test func `HTTP/1.0 gets a body that ends with the connection`() async throws {
        try await LiveServer.run { server in
            let client = try RawClient(port: server.port)
            try await client.send(
                "POST /connection/http_stream HTTP/1.0\r\nContent-Length: \(Self.connect.utf8.count)\r\n\r\n\(Self.connect)"
            )
            var (head, rest) = try await client.receiveHead()
            #expect(head.hasPrefix("HTTP/1.0 200 OK"))
            #expect(!head.lowercased().contains("transfer-encoding"))
            #expect(!head.lowercased().contains("connection: keep-alive"))
            while rest.last != UInt8(ascii: "\n") { rest += try await client.receive() }
            #expect(rest.starts(with: Array(#"{"id":1,"connect":"#.utf8)))
            client.close()
        }
    }

    @Test func `pages of admitted origins may read streams and ask before they post`() async throws {
        let page = "https://club.example"
        try await LiveServer.run(origins: [page]) { server in
            let answer = try await StreamedAnswer(port: server.port, Self.post("/connection/sse", fields: ["Origin: \(page)"]))
            #expect(answer.head["access-control-allow-origin"] == page)
            #expect(answer.head["vary"] == "Origin")
            answer.close()
            let connection = try HTTPConnection(port: server.port)
            for path in ["/connection/sse", "/connection/http_stream", "/connection/uni_sse", "/connection/uni_http_stream", "/emulation"] {
                let preflight = try await connection.send(
                    "OPTIONS", path, fields: ["Origin: \(page)", "Access-Control-Request-Method: POST"]
                )
                #expect(preflight.status == 204)
                #expect(preflight["access-control-allow-origin"] == page)
                #expect(preflight["access-control-allow-methods"]?.contains("POST") == true)
                #expect(preflight["access-control-allow-headers"]?.contains("Content-Type") == true)
                #expect(preflight["access-control-max-age"] != nil)
            }
            connection.close()
        }
    }

    @Test func `no stream is opened when there is no room or the server is leaving`() async throws {
        var settings = HubSettings()
        settings.connectionsMax = 1
        try await LiveServer.run(settings: settings) { server in
            let first = try await StreamedAnswer(port: server.port, Self.post("/connection/sse"))
            // The head leaves before the stream is counted.
            _ = try #require(try await first.event())
            let full = try await StreamedAnswer(port: server.port, Self.post("/connection/sse"))
            #expect(full.head.status == 503)
            full.close()
            first.close()
        }
        try await LiveServer.run { server in
            await server.hub.drain(overSeconds: 0)
            let draining = try await StreamedAnswer(port: server.port, Self.post("/connection/http_stream"))
            #expect(draining.head.status == 503)
            draining.close()
        }
    }
}
