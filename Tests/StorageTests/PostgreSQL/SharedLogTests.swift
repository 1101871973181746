import Core
import Storage
import Testing
import Wire

@Suite(.enabled(if: TestStore.isPostgreSQL), .timeLimit(.minutes(5))) struct SharedLogTests {
    @Test func `offsets are dense and in commit order when two servers write one channel`() async throws {
        try await TwoServers.run { servers in
            let refused = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        for round in 0..<25 {
                            do {
                                try await servers.database(writer).writeUnrecorded(by: .test()) { tx in
                                    // In both orders, and beside a channel of one's own: what one holds the other may want.
                                    let boards = writer % 4 < 2 ? [0, 1] : [1, 0]
                                    for board in boards { try tx.emit(NoteWritten(text: "\(writer)-\(round)"), to: NoteBoard(board)) }
                                    try tx.write("\(writer)-\(round)", on: NoteBoard(100 + writer))
                                    if (writer + round) % 7 == 0 { throw AccessError.forbidden }
                                }
                            } catch AccessError.forbidden {
                                refused.count()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let written = 16 * 25 - refused.value
            for board in 0...1 {
                let page = try await servers.first.read(channel: NoteBoard(board).name, after: nil, limit: 10_000, reverse: false)
                #expect(page.entries.map(\.offset) == Array(1...UInt64(written)))
                #expect(page.top.offset == UInt64(written))
                for recorder in [servers.committedByFirst, servers.committedBySecond] {
                    let offsets = recorder.events.filter { $0.channel == NoteBoard(board).name }.map(\.position.offset)
                    #expect(offsets == offsets.sorted(), "a server tells of its own commits in their order")
                }
            }
            // Who came first in one channel came first in the other.
            let orders = try await [0, 1].asyncMap { board in
                try await servers.first.read(channel: NoteBoard(board).name, after: nil, limit: 10_000, reverse: false).entries.map(\.data)
            }
            #expect(try orders[0].map { try $0.text(of: NoteWritten.self) } == orders[1].map { try $0.text(of: NoteWritten.self) })
        }
    }

    @Test func `the tail names what moved, and steps over nothing in flight`() async throws {
        try await TwoServers.run { servers in
            let tail = try #require(servers.second.tail)
            let start = try await tail.moves(since: nil, limit: 100)
            #expect(start.tops == [])

            // One that has its number and does not commit yet, while others come and go.
            let gate = Gate()
            async let slow: Void = servers.first.writeUnrecorded(by: .test()) { tx in
                try tx.write("slow", on: NoteBoard(1))
                gate.pass()
            }
            await gate.waitUntilOccupied()
            for number in 0..<5 {
                try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.write("\(number)", on: NoteBoard(2)) }
            }
            let during = try await tail.moves(since: start.mark, limit: 100)
            #expect(during.tops?.map(\.channel) == [NoteBoard(2).name])
            #expect(during.tops?.first?.top.offset == 5)

            gate.open()
            try await slow
            let after = try await tail.moves(since: during.mark, limit: 100)
            #expect(after.tops?.contains { $0.channel == NoteBoard(1).name } == true)

            // Once all are over, what was named is not named again.
            let quiet = try await tail.moves(since: after.mark, limit: 100)
            #expect(quiet.tops == [])
        }
    }

    @Test func `more moves than may be named are not named`() async throws {
        try await TwoServers.run { servers in
            let tail = try #require(servers.second.tail)
            let start = try await tail.moves(since: nil, limit: 3)
            for board in 0..<4 {
                try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.emit(NoteWritten(text: "x"), to: NoteBoard(board)) }
            }
            let moves = try await tail.moves(since: start.mark, limit: 3)
            #expect(moves.tops == nil)
            #expect(try await tail.moves(since: start.mark, limit: 4).tops?.count == 4)
        }
    }

    @Test func `a new epoch moves every channel`() async throws {
        try await TwoServers.run { servers in
            let tail = try #require(servers.second.tail)
            try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.emit(NoteWritten(text: "x"), to: NoteBoard(1)) }
            let before = try await tail.moves(since: nil, limit: 10)
            try await servers.first.rotateEpoch()
            let moves = try await tail.moves(since: before.mark, limit: 10)
            let epoch = try await servers.second.read { try $0.position(of: NoteBoard(1)) }.epoch
            #expect(moves.tops?.map(\.top) == [StreamPosition(epoch: epoch, offset: 1)])
        }
    }

    @Test func `a commit wakes the servers that listen, also after their connection was cut`() async throws {
        let calls = Counter()
        var configuration = DatabaseConfiguration()
        configuration.notifiesCommits = true
        try await TwoServers.run(configuration, notified: { calls.count() }) { servers in
            func waitForCalls(_ count: Int) async { while calls.value < count { await Task.yield() } }
            await waitForCalls(1)
            try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.emit(NoteWritten(text: "x"), to: NoteBoard(1)) }
            await waitForCalls(2)

            try servers.scratch.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
            await waitForCalls(3)
            try await servers.first.writeUnrecorded(by: .test()) { tx in try tx.emit(NoteWritten(text: "y"), to: NoteBoard(1)) }
            await waitForCalls(4)
        }
    }
}

extension RawJSON {
    fileprivate func text(of _: NoteWritten.Type) throws -> String { try decode(EventEnvelope<NoteWritten>.self).data.text }
}

extension Sequence where Element: Sendable {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
