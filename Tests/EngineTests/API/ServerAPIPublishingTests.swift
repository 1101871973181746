import Client
import Testing
import Wire

@Suite struct ServerAPIPublishingTests {
    private static let namespaces = """
        "namespaces": [
            {"name": "log", "history_size": 3, "history_ttl": "300s", "force_recovery": true, "allow_subscribe_for_client": true},
            {"name": "live", "allow_subscribe_for_client": true}
        ]
        """

    @Test func `a publication reaches who watches, with its tags and its place`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("log:a")
            let result = try await engine.api(
                "publish", #"{"channel":"log:a","data":{"z":1,"a":12345678901234567890.10},"tags":{"k":"v"}}"#)
            let (channel, publication) = try await ana.nextPublication()
            #expect(channel == "log:a")
            // As it was sent: no member moved, no number rounded.
            #expect(publication.data.text == #"{"z":1,"a":12345678901234567890.10}"#)
            #expect(publication.tags == ["k": "v"])
            #expect(publication.offset == 1)
            let epoch = try #require(try result.members?["epoch"]?.decode(String.self))
            #expect(result.text == #"{"offset":1,"epoch":"\#(epoch)"}"#)
        }
    }

    @Test func `without a history there is no place`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("live:a")
            #expect(try await engine.api("publish", #"{"channel":"live:a","data":1}"#).text == "{}")
            let (_, publication) = try await ana.nextPublication()
            #expect(publication.offset == 0)
            #expect(publication.data.text == "1")
        }
    }

    @Test func `a repeat with the same key reaches nobody, kept or not`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            for channel in ["log:a", "live:a"] {
                _ = try await ana.subscribe(channel)
                let first = try await engine.api("publish", #"{"channel":"\#(channel)","data":1,"idempotency_key":"k"}"#)
                #expect(try await engine.api("publish", #"{"channel":"\#(channel)","data":1,"idempotency_key":"k"}"#) == first)
                try await engine.api("publish", #"{"channel":"\#(channel)","data":2}"#)
                #expect(try await ana.nextData() == "1")
                #expect(try await ana.nextData() == "2")
            }
        }
    }

    @Test func `what is out of date is suppressed`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("log:a")
            for version in [2, 1, 2, 3] {
                try await engine.api("publish", #"{"channel":"log:a","data":\#(version),"version":\#(version),"version_epoch":"e"}"#)
            }
            #expect(try await ana.nextData() == "2")
            #expect(try await ana.nextData() == "3")
        }
    }

    @Test func `what is not to be kept is told and not kept`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("log:a")
            #expect(try await engine.api("publish", #"{"channel":"log:a","data":1,"skip_history":true}"#).text == "{}")
            #expect(try await ana.nextData() == "1")
            let history = try await engine.api("history", #"{"channel":"log:a","limit":-1}"#)
            #expect(history.members?["publications"]?.elements?.isEmpty == true)
        }
    }

    @Test func `data may come in base64, as long as it is JSON`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("live:a")
            try await engine.api("publish", #"{"channel":"live:a","b64data":"eyJhIjoxfQ=="}"#)
            #expect(try await ana.nextData() == #"{"a":1}"#)
            #expect(try await engine.errorCode("publish", #"{"channel":"live:a","b64data":"AAEC"}"#) == 107)
            #expect(try await engine.errorCode("publish", #"{"channel":"live:a","b64data":"*"}"#) == 107)
        }
    }

    @Test func `what can't be published is refused with the protocol's codes`() async throws {
        try await TestEngine.run(Self.namespaces) { engine async throws in
            #expect(try await engine.errorCode("publish", #"{"channel":"log:a"}"#) == 107)
            #expect(try await engine.errorCode("publish", #"{"channel":"","data":1}"#) == 107)
            #expect(try await engine.errorCode("publish", #"{"data":1}"#) == 107)
            #expect(try await engine.errorCode("publish", #"{"channel":"none:a","data":1}"#) == 102)
            #expect(try await engine.errorCode("broadcast", #"{"channels":[],"data":1}"#) == 107)
            #expect(try await engine.errorCode("history", #"{"channel":"live:a"}"#) == 108)
            #expect(try await engine.errorCode("history_remove", #"{"channel":"live:a"}"#) == 108)
            #expect(try await engine.call("publish", #"{"channel":5,"data":1}"#).status == 400)
            #expect(try await engine.call("publish", #"{"channel":"log:a","data":1,"tags":{"k":1}}"#).status == 400)
        }
    }

    @Test func `a broadcast answers for each channel`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            _ = try await ana.subscribe("log:a")
            let result = try await engine.api("broadcast", #"{"channels":["log:a","live:a","none:a"],"data":7}"#)
            let responses = try #require(result.members?["responses"]?.elements)
            #expect(responses.count == 3)
            #expect(try responses[0].members?["result"]?.members?["offset"]?.decode(Int.self) == 1)
            #expect(responses[1].text == #"{"result":{}}"#)
            #expect(try responses[2].members?["error"]?.members?["code"]?.decode(Int.self) == 102)
            #expect(try await ana.nextData() == "7")
        }
    }

    @Test func `the history can be read from both ends, from a position on, and be removed`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            func offsets(_ json: String) async throws -> [Int] {
                let result = try await engine.api("history", json)
                #expect(try result.members?["offset"]?.decode(Int.self) == 5)
                return try #require(result.members?["publications"]?.elements).map { try $0.members?["offset"]?.decode(Int.self) ?? -1 }
            }
            for number in 1...5 { try await engine.api("publish", #"{"channel":"log:a","data":\#(number),"tags":{"n":"\#(number)"}}"#) }
            let top = try await engine.api("history", #"{"channel":"log:a"}"#)
            let epoch = try #require(try top.members?["epoch"]?.decode(String.self))
            #expect(try await offsets(#"{"channel":"log:a"}"#) == [])
            #expect(try await offsets(#"{"channel":"log:a","limit":-1}"#) == [3, 4, 5])
            #expect(try await offsets(#"{"channel":"log:a","limit":2,"reverse":true}"#) == [5, 4])
            #expect(try await offsets(#"{"channel":"log:a","limit":9,"since":{"offset":3,"epoch":"\#(epoch)"}}"#) == [4, 5])
            #expect(try await offsets(#"{"channel":"log:a","limit":9,"reverse":true,"since":{"offset":5,"epoch":"\#(epoch)"}}"#) == [4, 3])
            #expect(try await engine.errorCode("history", #"{"channel":"log:a","limit":1,"since":{"offset":3,"epoch":"other"}}"#) == 112)
            #expect(try await engine.api("history_remove", #"{"channel":"log:a"}"#).text == "{}")
            #expect(try await offsets(#"{"channel":"log:a","limit":-1}"#) == [])
        }
    }

    @Test func `long histories come in parts, and a batch ends where its answers are too long`() async throws {
        let settings = """
            "namespaces": [{"name": "big", "history_size": 1000, "history_ttl": "300s"}]
            """
        try await TestEngine.run(settings) { engine in
            let text = String(repeating: "x", count: 100_000)
            for number in 1...150 { try await engine.api("publish", #"{"channel":"big:a","data":{"n":\#(number),"t":"\#(text)"}}"#) }
            func offsets(_ json: String) async throws -> [Int] {
                let result = try await engine.api("history", json)
                #expect(try result.members?["offset"]?.decode(Int.self) == 150)
                return try #require(result.members?["publications"]?.elements).map { try $0.members?["offset"]?.decode(Int.self) ?? -1 }
            }
            let first = try await offsets(#"{"channel":"big:a","limit":-1}"#)
            #expect(first == Array(1...41))
            var all = first
            while let last = all.last, last < 150 {
                all += try await offsets(#"{"channel":"big:a","limit":-1,"since":{"offset":\#(last),"epoch":""}}"#)
            }
            #expect(all == Array(1...150))
            #expect(try await offsets(#"{"channel":"big:a","limit":-1,"reverse":true}"#) == (110...150).reversed())
            #expect(try await offsets(#"{"channel":"big:a","limit":3}"#) == [1, 2, 3])
            let command = #"{"history":{"channel":"big:a","limit":-1}}"#
            let commands = Array(repeating: command, count: 6).joined(separator: ",")
            let answer = try await engine.call("batch", #"{"commands":[\#(commands)]}"#)
            let replies = try #require(RawJSON(answer.text).members?["replies"]?.elements)
            #expect(replies.count == 6)
            #expect(replies.prefix(4).allSatisfy { $0.members?["history"] != nil })
            #expect(replies.last?.members?["error"]?.text.contains("106") == true)
        }
    }

    @Test func `what was removed is not recovered, and whoever watches goes on`() async throws {
        try await TestEngine.run(Self.namespaces) { engine in
            let ana = try await engine.connect("ana")
            let ben = try await engine.connect("ben")
            let request = SubscribeRequest(channel: "log:a", recoverable: true)
            let start = try await ana.subscribe(request)
            for number in 1...3 { try await engine.api("publish", #"{"channel":"log:a","data":\#(number)}"#) }
            func recovered(since offset: UInt64) async throws -> SubscribeResult {
                try await ben.subscribe(SubscribeRequest(channel: "log:a", recover: true, epoch: start.epoch, offset: offset))
            }
            #expect(try await recovered(since: 1).publications.map(\.data.text) == ["2", "3"])
            try await ben.unsubscribe("log:a")
            try await engine.api("history_remove", #"{"channel":"log:a"}"#)
            let late = try await recovered(since: 1)
            #expect(!late.recovered && late.wasRecovering && late.publications.isEmpty)
            try await engine.api("publish", #"{"channel":"log:a","data":4}"#)
            for number in 1...4 { #expect(try await ana.nextData() == "\(number)") }
        }
    }
}
