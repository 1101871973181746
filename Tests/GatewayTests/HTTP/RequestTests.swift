import Core
import Foundation
import Testing

@testable import Gateway

@Suite struct RequestTests {
    @Test func `a created thing has its address and is private`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("POST", "/api/v1/things", token: "member", body: #"{"name":"ball"}"#)
            #expect(answer.status == 201)
            #expect(answer.body == #"{"id":2,"name":"ball"}"#)
            #expect(answer["location"] == "/api/v1/things/2")
            #expect(answer["content-type"] == "application/json")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["server"] == "Ringside")
            #expect(answer["date"]?.hasSuffix(" GMT") == true)
        }
    }

    @Test func `an answer without content has no body and no length`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("DELETE", "/api/v1/things/7", token: "admin")
            #expect(answer.status == 204)
            #expect(answer["content-length"] == nil)
        }
    }

    @Test func `who may not is told whether a token would help`() async throws {
        try await ThingServer.run { server in
            let anonymous = try await server.send("POST", "/api/v1/things", body: #"{"name":"ball"}"#)
            #expect(anonymous.status == 401)
            #expect(anonymous["www-authenticate"] == "Bearer")
            let member = try await server.send("DELETE", "/api/v1/things/7", token: "member")
            #expect(member.status == 403)
            #expect(member.code == "access.forbidden")
        }
    }

    @Test(arguments: ["Bearer expired", "Bearer forged", "Basic bWU6bWU=", "Bearer", "", "Bearer member, Bearer admin"])
    func `a bad token is refused even where none is needed`(value: String) async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/api/v1/things", fields: ["Authorization: \(value)"])
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"]?.hasPrefix(#"Bearer error="invalid_token""#) == true)
            #expect(answer.code == (value == "Bearer expired" ? "token.expired" : "token.invalid"))
        }
    }

    @Test func `a body that is not said to be JSON is refused`() async throws {
        try await ThingServer.run { server in
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json, text/plain"] {
                let answer = try await server.send(
                    "POST", "/api/v1/things", token: "member", fields: ["Content-Type: \(type)"], body: #"{"name":"ball"}"#
                )
                #expect(answer.status == 415, "\(type)")
                #expect(answer.code == "request.unsupported_media_type")
            }
            for type in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
                let answer = try await server.send(
                    "POST", "/api/v1/things", token: "member", fields: ["Content-Type: \(type)"], body: #"{"name":"ball"}"#
                )
                #expect(answer.status == 201, "\(type)")
            }
        }
    }

    @Test(arguments: ["{", "[]", "{\"name\":\"ball\"", "nonsense"])
    func `a body that is no JSON object is malformed`(body: String) async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("POST", "/api/v1/things", token: "member", body: body)
            #expect(answer.status == 400)
            #expect(answer.code == "request.malformed_body")
        }
    }

    @Test func `a missing body misses its members`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("POST", "/api/v1/things", token: "member")
            #expect(answer.status == 422)
            #expect(answer.body.contains(#""errors":[{"pointer":"/name","code":"required","detail":"is required"}]"#))
        }
    }

    @Test func `a body that is too large is refused and the connection lives on`() async throws {
        var configuration = GatewayConfiguration()
        configuration.bodyBytesMax = 1_000
        try await ThingServer.run(configuration) { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            let body = #"{"name":"ball","note":"\#(String(repeating: "x", count: 2_000))"}"#
            let declared = try await connection.send("POST", "/api/v1/things", token: "member", body: body)
            #expect(declared.status == 413)
            #expect(declared.code == "request.body_too_large")
            let chunk = String(repeating: "x", count: 600)
            let chunks = "258\r\n\(chunk)\r\n258\r\n\(chunk)\r\n0\r\n\r\n"
            let chunked = HTTPConnection.request(
                "POST", "/api/v1/things", token: "member", fields: ["Transfer-Encoding: chunked", "Content-Type: application/json"]
            )
            try await connection.write(chunked + chunks)
            #expect(try await connection.answer().status == 413)
            #expect(try await connection.send("GET", "/api/v1/things").status == 200)
        }
    }

    @Test func `an enormous body ends the connection at once`() async throws {
        try await ThingServer.run { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            try await connection.write(
                HTTPConnection.request(
                    "POST", "/api/v1/things", token: "member", fields: ["Content-Type: application/json", "Content-Length: 99999999999"]
                )
            )
            let answer = try await connection.answer()
            #expect(answer.status == 413)
            #expect(answer["connection"] == "close")
            #expect(try await connection.isClosedByServer())
        }
    }

    @Test func `a chunked body is read whole`() async throws {
        try await ThingServer.run { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            let head = HTTPConnection.request(
                "POST", "/api/v1/things", token: "member", fields: ["Transfer-Encoding: chunked", "Content-Type: application/json"]
            )
            try await connection.write(head + "5\r\n{\"nam\r\n")
            try await connection.write("a\r\ne\":\"ball\"}\r\n0\r\n\r\n")
            #expect(try await connection.answer().status == 201)
        }
    }

    @Test func `a client that waits for leave to send gets it`() async throws {
        try await ThingServer.run { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            let body = #"{"name":"ball"}"#
            try await connection.write(
                HTTPConnection.request(
                    "POST", "/api/v1/things", token: "member",
                    fields: ["Content-Type: application/json", "Content-Length: \(body.utf8.count)", "Expect: 100-continue"]
                )
            )
            try await connection.write(body)
            #expect(try await connection.answer().status == 201)
        }
    }

    @Test func `a request that does not arrive in time is given up`() async throws {
        var configuration = GatewayConfiguration()
        configuration.readSecondsMax = 1
        try await ThingServer.run(configuration) { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            try await connection.write(
                HTTPConnection.request(
                    "POST", "/api/v1/things", token: "member", fields: ["Content-Type: application/json", "Content-Length: 50"]
                ) + "{"
            )
            let answer = try await connection.answer()
            #expect(answer.status == 408)
            #expect(answer.code == "request.timeout")
            #expect(try await connection.isClosedByServer())
        }
    }

    @Test func `a connection carries many requests, also at once`() async throws {
        try await ThingServer.run { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            for id in 1...20 {
                #expect(try await connection.send("GET", "/api/v1/things/\(id)").body == #"{"id":\#(id),"name":"read"}"#)
            }
            let pipelined = (1...50).map { id in
                id % 5 == 0
                    ? HTTPConnection.request("POST", "/api/v1/things", token: "member", body: #"{"name":"\#(id)"}"#)
                    : HTTPConnection.request("GET", "/api/v1/things/\(id)")
            }
            try await connection.write(pipelined.joined())
            for id in 1...50 {
                let answer = try await connection.answer()
                #expect(answer.body == (id % 5 == 0 ? #"{"id":2,"name":"\#(id)"}"# : #"{"id":\#(id),"name":"read"}"#))
            }
        }
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /api/v1/things HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/things HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello",
        "POST /api/v1/things HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ])
    func `what is no HTTP ends the connection`(text: String) async throws {
        try await ThingServer.run { server in
            let client = try RawClient(port: server.port)
            defer { client.close() }
            try await client.send(text)
            client.closeOutput()
            let answer = String(decoding: try await client.receiveAll(), as: UTF8.self)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
            #expect(try await server.send("GET", "/healthz").status == 200)
        }
    }

    @Test func `a client that leaves in the middle of a body harms nobody`() async throws {
        try await ThingServer.run { server in
            let client = try RawClient(port: server.port)
            try await client.send(
                HTTPConnection.request(
                    "POST", "/api/v1/things", token: "member", fields: ["Content-Type: application/json", "Content-Length: 50"]
                ) + "{"
            )
            client.close()
            #expect(try await server.send("GET", "/healthz").status == 200)
            #expect(!server.log.all.contains { $0.level >= .error })
        }
    }
}
