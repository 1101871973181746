import Testing
import Wire

@Suite struct ServerAPIDoorTests {
    @Test func `only the key opens the API`() async throws {
        try await TestEngine.run { engine async throws in
            #expect(try await engine.call("info", headers: []).status == 401)
            #expect(try await engine.call("info", headers: [("X-API-Key", "wrong")]).status == 401)
            #expect(try await engine.call("info", headers: [("X-API-Key", "")]).status == 401)
            #expect(try await engine.call("info", headers: [("Authorization", "Bearer \(TestEngine.apiKey)")]).status == 401)
            #expect(try await engine.call("info", headers: [("Authorization", "apikey \(TestEngine.apiKey)")]).status == 200)
            #expect(try await engine.call("info", headers: [("x-api-key", TestEngine.apiKey)]).status == 200)
            // Nobody learns which methods there are without the key.
            #expect(try await engine.call("none", headers: []).status == 401)
        }
    }

    @Test func `what is no request gets a status and no more`() async throws {
        try await TestEngine.run { engine async throws in
            #expect(try await engine.call("none").status == 404)
            for json in ["", "{", "[]", "5", "{}{}", "{\"a\":\"\u{0}\"}"] where !json.isEmpty {
                #expect(try await engine.call("publish", json).status == 400, "\(json)")
            }
            let key = [("X-API-Key", TestEngine.apiKey)]
            #expect(try await engine.rest.send("GET", "/api/info", headers: key).status == 405)
            #expect(try await engine.rest.send("POST", "/api/info", headers: key).status == 200)
            let large = #"{"data":"\#(String(repeating: "x", count: 2 << 20))"}"#
            #expect(try await engine.call("publish", large).status == 413)
            // As curl sends it unless told otherwise.
            let form = key + [("Content-Type", "application/x-www-form-urlencoded")]
            #expect(try await engine.call("info", headers: form).status == 200)
        }
    }

    @Test func `without a key the API is closed, unless it was left open on purpose`() async throws {
        try await TestEngine.run(#""http_api": {"insecure": true}"#) { engine async throws in
            #expect(try await engine.call("info", headers: []).status == 200)
        }
    }

    @Test func `a batch answers for each of its commands, in their order`() async throws {
        try await TestEngine.run(#""history_size": 5, "history_ttl": "60s""#) { engine in
            let answer = try await engine.call(
                "batch",
                """
                {"parallel": true, "commands": [
                    {"publish": {"channel": "a", "data": 1}}, {"publish": {"channel": "none:a", "data": 1}}, {"batch": {"commands": []}},
                    {"history": {"channel": "a", "limit": 1}}
                ]}
                """
            )
            #expect(answer.status == 200)
            let replies = try #require(RawJSON(answer.text).members?["replies"]?.elements)
            #expect(replies.count == 4)
            #expect(try replies[0].members?["publish"]?.members?["offset"]?.decode(Int.self) == 1)
            #expect(try replies[1].members?["error"]?.members?["code"]?.decode(Int.self) == 102)
            #expect(try replies[2].members?["error"]?.members?["code"]?.decode(Int.self) == 104)
            #expect(replies[3].members?["history"]?.members?["publications"]?.elements?.count == 1)
            #expect(try await engine.call("batch", "{}").status == 400)
            #expect(try await engine.call("batch", #"{"commands":[{"publish":{},"info":{}}]}"#).status == 400)
            let many = Array(repeating: #"{"info":{}}"#, count: 1_001).joined(separator: ",")
            #expect(try await engine.errorCode("batch", #"{"commands":[\#(many)]}"#) == 106)
        }
    }

    @Test func `the engine is alive and ready`() async throws {
        try await TestEngine.run { engine async throws in
            #expect(try await engine.rest.get("/healthz").status == 200)
            #expect(try await engine.rest.get("/readyz").status == 200)
        }
    }
}
