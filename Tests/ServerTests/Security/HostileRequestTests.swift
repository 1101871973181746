import Client
import Foundation
import Gym
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct HostileRequestTests {
    private static let path = "/api/v1/reservations"
    private static let plain = "POST /api/v1/reservations HTTP/1.1\r\nHost: ringside\r\nContent-Type: application/json\r\n"

    @Test func `framing that two parsers could read in two ways is refused and nothing behind it is obeyed`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)
            let body = #"{"time_slot_id":\#(slot.id)}"#
            let smuggled = RawExchange.post(Self.path, token: ana.token, body: body)
            let framings = [
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(smuggled)",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n\(smuggled)",
                "Content-Length: 2\r\nContent-Length: 0\r\n\r\n{}\(smuggled)",
                "Content-Length: 0\r\nContent-Length: 2\r\n\r\n{}\(smuggled)",
                "Content-Length: 0, 2\r\n\r\n{}\(smuggled)",
                "Content-Length: +2\r\n\r\n{}\(smuggled)",
                "Content-Length: -2\r\n\r\n{}\(smuggled)",
                "Content-Length: 0x2\r\n\r\n{}\(smuggled)",
                "Content-Length: 2e0\r\n\r\n{}\(smuggled)",
                "Content-Length: 99999999999999999999999\r\n\r\n{}\(smuggled)",
                "Content-Length : 2\r\n\r\n{}\(smuggled)",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n\(smuggled)",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n\(smuggled)",
                "Transfer-Encoding: chunked\r\n\r\nZZ\r\n\(smuggled)",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\n\(smuggled)",
                "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n\(smuggled)",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n\(smuggled)",
                "X-Odd: a\u{0}b\r\n\r\n\(smuggled)",
                ": nameless\r\n\r\n\(smuggled)",
                "no colon\r\n\r\n\(smuggled)",
                "X Odd: a\r\n\r\n\(smuggled)",
            ]
            for framing in framings {
                let statuses = try await RawExchange.statuses(of: Self.plain + framing, port: server.port)
                #expect(statuses.allSatisfy { (400..<500).contains($0) } && statuses.count <= 1, "\(framing.prefix(60)): \(statuses)")
            }
            #expect(try await ana.reservationCount() == 0)
            #expect(try await RawExchange.statuses(of: smuggled, port: server.port) == [201])
        }
    }

    @Test func `what is too large is refused by its size`() async throws {
        try await TestServer.run { server in
            let long = String(repeating: "a", count: 100_000)
            let spaces = String(repeating: " ", count: 2 << 20)
            let chunk = "100000\r\n" + String(repeating: " ", count: 1 << 20) + "\r\n"
            let cases = [
                ("GET /healthz HTTP/1.1\r\nX-Long: \(long)\r\n\r\n", 431),
                (Self.plain + "Content-Length: \(spaces.count)\r\n\r\n\(spaces)", 413),
                (Self.plain + "Content-Length: 1000000000\r\n\r\n{", 413),
                (Self.plain + "Transfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)0\r\n\r\n", 413),
            ]
            for (text, status) in cases {
                #expect(try await RawExchange.statuses(of: text, port: server.port) == [status], "\(text.prefix(80))")
            }
            // The second head of a connection has another reader, with a limit of its own.
            let second = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nX-Long: \(long)\r\n\r\n"
            let statuses = try await RawExchange.statuses(of: second, port: server.port)
            #expect(statuses.first == 200)
            #expect(statuses.dropFirst().allSatisfy { (400..<500).contains($0) })
        }
    }

    @Test func `a body that is no sound request is refused with a reason and never with a failure`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let nested = 100_000
            let texts = [
                "", "{", "}", "null", "true", "17", #""text""#, "[]", "[{}]", "{}", "{}{}", "{} x", #"{"time_slot_id":}"#,
                #"{"time_slot_id":1,}"#,
                #"{"time_slot_id":null}"#, #"{"time_slot_id":"1"}"#, #"{"time_slot_id":1.5}"#, #"{"time_slot_id":-1}"#,
                #"{"time_slot_id":0}"#,
                #"{"time_slot_id":9223372036854775807}"#, #"{"time_slot_id":9223372036854775808}"#, #"{"time_slot_id":1e400}"#,
                #"{"time_slot_id":1e-400}"#, #"{"time_slot_id":\#(String(repeating: "9", count: 10_000))}"#, #"{"time_slot_id":NaN}"#,
                #"{"time_slot_id":true}"#, #"{"time_slot_id":{}}"#, #"{"time_slot_id":[1]}"#, #"{"time_slot_id":1,"time_slot_id":2}"#,
                #"{"time_slot_id":999999,"user_id":1}"#, #"{"time_slot_id":999999,"user_id":"\ud800"}"#, #"{"\ud800":1}"#,
                "{\"time_slot_id\":999999\u{0}}", "\u{0}{}", "\u{FEFF}{\"time_slot_id\":999999}", #"{"__proto__":{"time_slot_id":1}}"#,
                String(repeating: "[", count: nested), String(repeating: #"{"a":"#, count: nested),
                #"{"time_slot_id":"# + String(repeating: "[", count: nested) + String(repeating: "]", count: nested) + "}",
            ]
            var bodies = texts.map { Array($0.utf8) }
            bodies.append([0xFF, 0xFE, 0xFD])
            bodies.append(Array(#"{"time_slot_id":999999,"note":""#.utf8) + [0xC3, 0x28, 0xED, 0xA0, 0x80] + Array(#""}"#.utf8))
            bodies.append(Array(#"{"time_slot_id":1}"#.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }))
            bodies.append(Array(#"{"time_slot_id":1}"#.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
            for body in bodies {
                let answer = try await ana.rest.send("POST", Self.path, body: body)
                #expect((400..<500).contains(answer.status), "\(String(decoding: body.prefix(60), as: UTF8.self)): \(answer.status)")
                #expect(answer.problem?.code?.isEmpty == false)
                let login = try await server.rest.send("POST", "/api/v1/users/login", body: body)
                #expect((400..<500).contains(login.status))
                let venue = try await server.admin.rest.send("POST", "/api/v1/venues", body: body)
                #expect((400..<500).contains(venue.status))
            }
            #expect(try await ana.reservationCount() == 0)
        }
    }

    @Test func `text that holds anything at all comes back as it was or is refused`() async throws {
        try await TestServer.run { server in
            for name in [
                "'; DROP TABLE account; --", "<script>alert(1)</script>", "\u{202E}drow", "👨‍👩‍👧‍👦", "%00", "\\u0000", "a\u{0}b", "\u{FFFF}",
            ] {
                var sketch = VenueSketch()
                sketch.name = name
                let answer = try await server.admin.rest.post("/api/v1/venues", body: sketch)
                guard answer.status == 201 else {
                    #expect(answer.status == 422)
                    continue
                }
                let venue: Venue = try answer.decode()
                #expect(venue.name == name)
                let read: Venue = try await server.rest.get("/api/v1/venues/\(venue.id)").success().decode()
                #expect(read.name == name)
            }
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "*/*", "json", "",
    ])
    func `a body of another type is not looked into`(type: String) async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1)

            let answer = try await ana.rest.post(Self.path, body: ["time_slot_id": slot.id.rawValue], headers: [("Content-Type", type)])

            #expect(answer.status == 415)
            #expect(answer.problem?.code == "request.unsupported_media_type")
            #expect(try await ana.reservationCount() == 0)
        }
    }

    @Test func `a method that an address does not know is refused with those it knows`() async throws {
        try await TestServer.run { server in
            for method in ["PATCH", "TRACE", "PROPFIND", "BREW", "get"] {
                let text = "\(method) /api/v1/users/me HTTP/1.1\r\nHost: ringside\r\n\r\n"
                let statuses = try await RawExchange.statuses(of: text, port: server.port)
                #expect(statuses == [405] || statuses == [400], "\(method): \(statuses)")
            }
            let answer = try await server.rest.send("DELETE", "/api/v1/users/me")
            #expect(answer.status == 405)
            #expect(answer.header("Allow") == "GET, PUT, HEAD, OPTIONS")
        }
    }

    @Test func `an absurd address leads nowhere`() async throws {
        try await TestServer.run { server in
            let targets = [
                "/", "//", "///api/v1/venues", "/..", "/../../etc/passwd", "/docs/../../../../etc/passwd", "/docs/%2e%2e/%2e%2e/etc/passwd",
                "/api/v1/venues/%2e%2e", "/%", "/%0", "/%zz", "/%00", "/%ff%fe", "/api/v1/venues/%ff", "/api/v1/venues/1%00",
                "/api/v1/venues/-1",
                "/api/v1/venues/99999999999999999999", "/api/v1/venues/1.0", "/api/v1/venues/0x1", "/api/v1/venues/%31%32%33%34%35",
                "/api/v1/venues?limit=-1", "/api/v1/venues?limit=1e9", "/api/v1/venues?cursor=99999999999999999999", "/api/v1/venues?q=%ff",
                "/api/v1/venues?q=%00", "/api/v1/venues?status=none", "/api/v1/venues?limit=1&limit=x",
                "/api/v1/venues?=&&==&%00=%00&limit=0",
                "/api/v1/venues/1/calendar?start_date=2026-13-45&end_date=x",
                "/api/v1/venues/1/calendar?start_date=0001-01-01&end_date=9999-12-31",
                "*", "api/v1/venues", "http://[::1", "http://ringside/nowhere", "https://evil.example:99999/", "?", "#", "/a#b", ":80",
                "/" + String(repeating: "a/", count: 8_000), "/" + String(repeating: "%41", count: 8_000),
                "/api/v1/venues?q=" + String(repeating: "a", count: 20_000),
            ]
            for target in targets {
                let answer = try await RawExchange.answer(
                    to: Array("GET \(target) HTTP/1.1\r\nHost: ringside\r\n\r\n".utf8), port: server.port)
                let statuses = RawExchange.statuses(in: answer)
                #expect(statuses.allSatisfy { $0 < 500 }, "\(target.prefix(60)): \(statuses)")
                #expect(!String(decoding: answer, as: UTF8.self).contains("root:"), "\(target)")
            }
            #expect(try await server.rest.get("/readyz").status == 200)
        }
    }

    @Test func `five thousand broken requests do no harm`() async throws {
        try await TestServer.run { server in
            let ana = try await server.member("ana")
            let slot = try await server.slot(capacity: 1_000)
            let mutations = RequestMutations(seed: 2_026, token: ana.token, slot: slot.id.rawValue)
            let failures = try await withThrowingTaskGroup(of: [String].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var failures: [String] = []
                        for number in stride(from: worker, to: 5_000, by: 8) {
                            let request = mutations.request(number)
                            let answer = try await RawExchange.answer(to: request, port: server.port)
                            let statuses = RawExchange.statuses(in: answer)
                            let isSound = answer.isEmpty || answer.starts(with: Array("HTTP/1.1 ".utf8))
                            guard isSound, statuses.allSatisfy({ $0 < 500 }) else {
                                failures.append("\(number) \(statuses): \(String(decoding: request, as: UTF8.self))")
                                continue
                            }
                        }
                        return failures
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(failures.isEmpty)
            #expect(try await server.rest.get("/readyz").status == 200)
            #expect(!server.logs.lines.contains { $0.contains("http.status=5") })
            // Whatever of it was a booking after all has left a whole one.
            try await ana.expectWholeReservations()
        }
    }
}
