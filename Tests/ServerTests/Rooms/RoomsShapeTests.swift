import Client
import Rooms
import ServerTesting
import Testing

/// What goes wrong before an endpoint is reached has the shape of the meeting rooms, too, at both of their addresses.
@Suite(.timeLimit(.minutes(2))) struct RoomsShapeTests {
    private static func withBoth(_ body: @escaping @Sendable (RESTClient, _ base: String) async throws -> Void) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            try await body(ana.rest, "/meeting/api")
            try await RESTClient.run(port: try #require(server.roomsPort), token: ana.token) { rooms in try await body(rooms, "/api") }
        }
    }

    @Test func `refusals of the transport are spelled as the document spells them`() async throws {
        try await Self.withBoth { client, base in
            let large = [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20)
            let answers: [(RESTResponse, Int, String)] = [
                (try await client.with(token: nil).get("\(base)/rooms"), 401, "Unauthorized"),
                (try await client.with(token: "forged").get("\(base)/rooms"), 401, "Unauthorized"),
                (try await client.get("\(base)/nowhere"), 404, "Not Found"),
                (try await client.get("\(base)/rooms/one"), 404, "Not Found"),
                (try await client.send("PUT", "\(base)/rooms"), 405, "Method Not Allowed"),
                (try await client.send("POST", "\(base)/reservations", body: Array("[]".utf8)), 400, "Bad Request"),
                (try await client.send("POST", "\(base)/reservations", body: Array(#"{"title":"#.utf8)), 400, "Bad Request"),
                (try await client.send("POST", "\(base)/reservations", body: [0xff, 0xfe]), 400, "Bad Request"),
                (try await client.send("POST", "\(base)/reservations", body: large), 413, "Content Too Large"),
                (
                    try await client.send("POST", "\(base)/reservations", body: [1], headers: [("Content-Type", "text/plain")]), 415,
                    "Unsupported Media Type"
                ),
                (try await client.get("\(base)/rooms?limit=%ff"), 400, "Bad Request"),
            ]
            for (answer, status, title) in answers {
                #expect(answer.status == status)
                #expect(answer.header("Content-Type") == "application/json")
                let refusal = try answer.decode(MeetingRefusal.self)
                #expect(refusal.status == "error" && refusal.timestamp == "2026-07-01T00:00:00.000Z")
                #expect(refusal.message.statusCode == status && refusal.message.error == title)
            }
            #expect(answers[0].0.header("WWW-Authenticate") == "Bearer")
        }
    }

    @Test func `a client that prefers problem details gets them`() async throws {
        try await Self.withBoth { client, base in
            for (accept, isProblem) in [
                ("application/problem+json", true), ("application/problem+json, */*;q=0.5", true), ("*/*", false),
                ("application/json, application/problem+json", false), ("application/problem+json;q=0.2, application/json", false),
                ("text/html", false), ("application/problem+json;q=0", false), (",;,=,", false),
            ] {
                let answer = try await client.get("\(base)/rooms/999", headers: [("Accept", accept)])
                #expect(answer.status == 404)
                #expect(answer.header("Content-Type") == (isProblem ? "application/problem+json" : "application/json"), "\(accept)")
                #expect((answer.problem?.code == "room.not_found") == isProblem)
            }
        }
    }

    @Test func `the gym next door keeps its own shape`() async throws {
        try await TestServer.run { server in
            let unknown = try await server.rest.get("/api/v1/nowhere")
            #expect(unknown.header("Content-Type") == "application/problem+json")
            // A path that only begins alike.
            #expect(try await server.rest.get("/meeting/apiary").header("Content-Type") == "application/problem+json")
            let venue = try await server.venue()
            let deleted = try await server.admin.rest.delete("/api/v1/venues/\(venue.id)", headers: [("Prefer", "return=representation")])
            #expect(deleted.status == 204 && deleted.body.isEmpty)
            let wrong = try await server.admin.rest.post("/api/v1/venues", body: ["name": ""])
            #expect(wrong.status == 422)
        }
    }
}
