import Client
import Engine
import ServerTesting
import Testing
import Wire

/// The server API as `ringside serve` has it: over its database.
@Suite struct ServiceDoorTests {
    private static let key = "service-key-0123456789"

    private func call(
        _ server: TestServer, _ method: String, _ json: String, headers: [(String, String)] = [("X-API-Key", Self.key)]
    ) async throws -> (status: Int, json: RawJSON) {
        let response = try await server.rest.send("POST", "/realtime/api/\(method)", body: Array(json.utf8), headers: headers)
        return (response.status, RawJSON(response.text))
    }

    private func errorCode(_ server: TestServer, _ method: String, _ json: String) async throws -> Int? {
        try await call(server, method, json).json.members?["error"]?.members?["code"]?.decode(Int.self)
    }

    private func offset(_ server: TestServer, _ json: String) async throws -> Int? {
        try await call(server, "publish", json).json.members?["result"]?.members?["offset"]?.decode(Int.self)
    }

    @Test func `services with the key and superadmins are let in, nobody else`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            let ana = try await server.member("ana")
            func status(_ headers: [(String, String)]) async throws -> Int {
                try await call(server, "info", "{}", headers: headers).status
            }
            #expect(try await status([("X-API-Key", Self.key)]) == 200)
            #expect(try await status([("Authorization", "Bearer \(server.admin.signIn.accessToken)")]) == 200)
            #expect(try await status([("Authorization", "Bearer \(ana.signIn.accessToken)")]) == 401)
            #expect(try await status([("X-API-Key", "wrong")]) == 401)
            #expect(try await status([]) == 401)
        }
    }

    @Test func `without a key no key opens the door`() async throws {
        try await TestServer.run { server in
            let answer = try await call(server, "info", "{}")
            #expect(answer.status == 401)
        }
    }

    @Test func `a publication is committed to the log and reaches the watcher at its place`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            let ana = try await server.member("ana")
            let channel = "personal:#\(ana.id)"
            let connection = try await LiveConnection.connect(port: server.port, token: ana.signIn.accessToken)
            let start = try #require(connection.established?.subs[channel])
            for number in 1...3 {
                let placed = try await offset(server, #"{"channel":"\#(channel)","data":{"n":\#(number)}}"#)
                #expect(placed == Int(start.offset) + number)
                let (heardOn, publication) = try await connection.nextPublication()
                #expect(heardOn == channel)
                #expect(publication.offset == start.offset + UInt64(number))
                #expect(publication.data.text == #"{"n":\#(number)}"#)
            }
            let history = try await call(server, "history", #"{"channel":"\#(channel)","limit":2,"reverse":true}"#).json
            #expect(history.members?["result"]?.members?["publications"]?.elements?.count == 2)
            let removed = try await call(server, "history_remove", #"{"channel":"\#(channel)"}"#)
            #expect(removed.json.text == #"{"result":{}}"#)
            let next = try await offset(server, #"{"channel":"\#(channel)","data":4}"#)
            #expect(next == Int(start.offset) + 4)
        }
    }

    @Test func `a repeat with the same key is committed once`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            let json = #"{"channel":"support:queue","data":1,"idempotency_key":"k"}"#
            let first = try await offset(server, json)
            let second = try await offset(server, json)
            #expect(first == second)
            let next = try await offset(server, #"{"channel":"support:queue","data":1}"#)
            #expect(next == (first ?? 0) + 1)
        }
    }

    /// `{"data": {"status", "body"}}`, or the code of the error.
    private func operation(
        _ server: TestServer, _ method: String, _ request: String = "{}", headers: [(String, String)] = [("X-API-Key", Self.key)]
    ) async throws -> (status: Int?, body: RawJSON?, error: Int?) {
        let json = #"{"method":"\#(method)","data":{"request":\#(request)}}"#
        let members = try await call(server, "rpc", json, headers: headers).json.members
        let data = members?["result"]?.members?["data"]?.members
        return (
            try data?["status"]?.decode(Int.self), data?["body"], try members?["error"]?.members?["code"]?.decode(Int.self)
        )
    }

    @Test func `an operation is called by its id, in the name of the superadmin`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            let asService = try await operation(server, "gym.users.read-own")
            #expect(asService.status == 200)
            #expect(try asService.body?.members?["id"]?.decode(Int64.self) == server.admin.id)
            let bearer = [("Authorization", "Bearer \(server.admin.signIn.accessToken)")]
            let asPerson = try await operation(server, "gym.users.read-own", headers: bearer)
            #expect(asPerson.status == 200)
            #expect(asPerson.body == asService.body)
        }
    }

    @Test func `the rules of an operation hold for services, too`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            #expect(try await operation(server, "gym.venues.read", #"{"venue_id":999}"#).status == 404)
            #expect(try await operation(server, "no.such.operation").error == 104)
            #expect(try await operation(server, "").error == 107)
            let ana = try await server.member("ana")
            let refused = try await call(
                server, "rpc", #"{"method":"gym.users.read-own"}"#, headers: [("Authorization", "Bearer \(ana.signIn.accessToken)")]
            )
            #expect(refused.status == 401)
        }
    }

    @Test func `a service that logs out logs nobody out, itself included`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            let loggedOut = try await operation(server, "gym.users.logout")
            #expect(loggedOut.status == 204)
            let next = try await operation(server, "gym.users.read-own")
            #expect(next.status == 200)
            let own = try await server.rest.with(token: server.admin.signIn.accessToken).get("/api/v1/users/me")
            #expect(own.status == 200)
        }
    }

    @Test func `without the superadmin of the first start a key calls nothing`() async throws {
        try await TestServer.run(adjust: {
            $0.serviceKey = APIKey(Self.key)
        }) { server in
            let other = try await server.member("other", role: .superadmin)
            let demotion = Array(#"{"role":"employee"}"#.utf8)
            let answer = try await server.rest.with(token: other.token).send("PUT", "/api/v1/users/\(server.admin.id)", body: demotion)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await operation(server, "gym.users.read-own").error == 103)
        }
    }

    @Test func `publications at the same time each learn their own place`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            let offsets = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<40 {
                    group.addTask { try await offset(server, #"{"channel":"feedback:1","data":\#(number % 3)}"#) }
                }
                return try await group.reduce(into: [Int]()) { if let offset = $1 { $0.append(offset) } }
            }
            #expect(offsets.sorted() == Array(1...40))
        }
    }

    @Test func `the server's own channels are out of reach, and so is what the database does not keep`() async throws {
        try await TestServer.run(adjust: { $0.serviceKey = APIKey(Self.key) }) { server in
            for method in ["publish", "history", "history_remove", "subscribe"] {
                let json = #"{"channel":"system:revocations","data":{},"user":"1"}"#
                let code = try await errorCode(server, method, json)
                #expect(code == 102, "\(method)")
            }
            for channel in ["none:1", "chat", ""] {
                let code = try await errorCode(server, "publish", #"{"channel":"\#(channel)","data":1}"#)
                #expect(code == (channel.isEmpty ? 107 : 102), "\(channel)")
            }
            let tagged = try await errorCode(server, "publish", #"{"channel":"feedback:1","data":1,"tags":{"k":"v"}}"#)
            #expect(tagged == 108)
            let versioned = try await errorCode(server, "publish", #"{"channel":"feedback:1","data":1,"version":1}"#)
            #expect(versioned == 108)
        }
    }
}
