import Foundation
import Testing

@testable import Gateway

@Suite struct RoutingTests {
    @Test func `a fixed segment wins over a parameter`() async throws {
        try await ThingServer.run { server in
            let latest = try await server.send("GET", "/api/v1/things/latest")
            #expect(latest.body == #"{"id":99,"name":"latest"}"#)
            let seventh = try await server.send("GET", "/api/v1/things/7")
            #expect(seventh.body == #"{"id":7,"name":"read"}"#)
            #expect(try await server.send("GET", "/api/v1/things/7/").status == 200)
        }
    }

    @Test(arguments: [
        "/", "/nothing", "/api/v1/things/7/more", "/api//v1/things", "/api/v1/things/", "/api/v1/things/%zz", "/api/v1/things/%ff",
        "/api/v1/things/seven", "/api/v1/things/99999999999999999999", "/docs/../etc/passwd", "/docs/%2e%2e%2fpasswd", "*",
    ])
    func `what is nowhere is not found`(path: String) async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", path)
            if path == "/api/v1/things/" {
                #expect(answer.status == 200)
            } else {
                #expect(answer.status == 404)
                #expect(answer.code == "request.route_not_found")
                #expect(answer["content-type"] == "application/problem+json")
            }
        }
    }

    @Test func `an escaped path means the same`() async throws {
        try await ThingServer.run { server in
            let escaped = try await server.send("GET", "/api/v1/%74hings/7")
            #expect(escaped.status == 200)
            let absolute = try await server.send("GET", "http://localhost/api/v1/things/7")
            #expect(absolute.status == 200)
        }
    }

    @Test func `a wrong method is told the right ones`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("PUT", "/api/v1/things", body: "{}")
            #expect(answer.status == 405)
            #expect(answer["allow"] == "GET, POST, HEAD, OPTIONS")
            #expect(answer.code == "request.method_not_allowed")
            let options = try await server.send("OPTIONS", "/api/v1/things/7")
            #expect(options.status == 204)
            #expect(options["allow"] == "GET, DELETE, HEAD, OPTIONS")
            #expect(options["content-length"] == nil)
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await ThingServer.run { server in
            let connection = try HTTPConnection(port: server.port)
            defer { connection.close() }
            let get = try await connection.send("GET", "/api/v1/things/7")
            let head = try await connection.send("HEAD", "/api/v1/things/7")
            #expect(head.status == 200)
            #expect(head["content-length"] == get["content-length"])
            #expect(try await connection.send("GET", "/api/v1/things/7").body == get.body)
        }
    }

    @Test func `an alias answers with the address of its successor`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/api/things/7")
            #expect(answer.status == 200)
            #expect(answer["deprecation"] == "@1767225600")
            #expect(answer["link"] == #"</api/v1/things/7>; rel="successor-version""#)
            #expect(try await server.send("GET", "/api/v1/things/7")["deprecation"] == nil)
        }
    }

    @Test func `the query is decoded and its first value counts`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/api/v1/things?name=a%20b+%C3%BC%26&name=other&flag")
            #expect(answer.body == #"[{"id":1,"name":"a b ü&"}]"#)
            let broken = try await server.send("GET", "/api/v1/things?name=%ff")
            #expect(broken.status == 400)
            #expect(broken.body.contains(#""pointer":"/name""#))
        }
    }

    @Test func `a path with parameters is filled without opening a way into another`() {
        #expect(PathPattern("/a/{b}/c").filled(with: ["b": "x/../y z"]) == "/a/x%2F..%2Fy%20z/c")
        #expect(PathPattern("/a/{b}").filled(with: [:]) == nil)
    }
}
