import Core
import Storage
import Testing
import Wire

@Suite struct EventOrderTests {
    @Test func `offsets are dense and in commit order under many writers`() async throws {
        try await TestDatabase.run { test in
            await withTaskGroup(of: Void.self) { group in
                for writer in 0..<64 {
                    group.addTask { [database = test.database] in
                        for round in 0..<20 {
                            try? await database.writeUnrecorded(by: .test()) { tx in
                                try tx.emit(NoteWritten(text: "a"), to: NoteBoard(round % 3))
                                try tx.write("\(writer)-\(round)", on: NoteBoard(writer % 3))
                                guard (writer + round) % 7 != 0 else { throw AccessError.forbidden }
                            }
                        }
                    }
                }
                await group.waitForAll()
            }
            let events = test.committed.events
            let failures = (0..<64).flatMap { writer in (0..<20).filter { (writer + $0) % 7 == 0 } }.count
            #expect(events.count == 2 * (64 * 20 - failures))
            for board in 0..<3 {
                let offsets = events.filter { $0.channel == NoteBoard(board).name }.map(\.position.offset)
                #expect(offsets == Array(1...UInt64(offsets.count)))
                let page = try await test.database.read(channel: NoteBoard(board).name, after: nil, limit: 10_000, reverse: false)
                #expect(page.top.offset == UInt64(offsets.count))
                #expect(page.entries.map(\.offset) == offsets)
                #expect(page.entries.map(\.data) == events.filter { $0.channel == NoteBoard(board).name }.map(\.data))
            }
            // Notes are numbered as they are written, and the events follow the same order.
            let written = try await test.database.read { try $0.notes() }
            let told = try events.map { try $0.data.decode(EventEnvelope<NoteWritten>.self).data.text }.filter { $0 != "a" }
            #expect(written == told)
        }
    }

    @Test func `what was rolled back takes no offset and is not remembered`() async throws {
        try await TestDatabase.run { test in
            // A channel's first event ever is lost with its batch, which an error ends; so is a later one's.
            for text in ["one", "two"] {
                let results: [Result<Note, any Error>] = try await test.inOneBatch([
                    { tx in try tx.write("\(text) a", on: NoteBoard(1)) },
                    { tx in try tx.write("wreck", on: NoteBoard(2)) },
                    { tx in
                        try tx.emit(NoteWritten(text: "lost"), to: NoteBoard(1), NoteBoard(3))
                        try tx.write("\(text) lost", on: nil)
                        throw AccessError.forbidden
                    },
                    { tx in try tx.write("\(text) b", on: NoteBoard(1)) },
                ])
                #expect(results.map { (try? $0.get()) != nil } == [true, false, false, true])
            }
            #expect(test.committed.events.map(\.position.offset) == [1, 2, 3, 4])
            #expect(test.committed.events.allSatisfy { $0.channel == NoteBoard(1).name })
            for (board, top) in [(1, 4), (2, 0), (3, 0)] as [(Int, UInt64)] {
                #expect(try await test.database.read { try $0.position(of: NoteBoard(board)) }.offset == top)
            }
        }
    }

    @Test func `an event carries its type, a name of its own and the transaction's time`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in
                try tx.emit(NoteWritten(text: "one"), to: NoteBoard(1))
                try tx.emit(NoteWritten(text: "two"), to: NoteBoard(1))
            }
            let envelopes = try test.committed.events.map { try $0.data.decode(EventEnvelope<NoteWritten>.self) }
            #expect(envelopes.map(\.data.text) == ["one", "two"])
            #expect(envelopes.allSatisfy { $0.type == "note.written" && $0.v == 1 && $0.at == test.time.now })
            #expect(envelopes.allSatisfy { $0.id.hasPrefix("evt_") && $0.id.utf8.count == 24 })
            #expect(Set(envelopes.map(\.id)).count == 2)
        }
    }

    @Test func `a snapshot's position fits its rows`() async throws {
        try await TestDatabase.run { test in
            let board = NoteBoard(1)
            let untouched = try await test.database.read { try $0.position(of: board) }
            #expect(untouched.offset == 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [database = test.database] in
                    for number in 0..<200 { try await database.writeUnrecorded(by: .test()) { tx in try tx.write("\(number)") } }
                }
                group.addTask { [database = test.database] in
                    for _ in 0..<200 {
                        let (position, count) = try await database.read { (try $0.position(of: board), try $0.notes().count) }
                        #expect(position.offset == UInt64(count))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `nothing is told of a channel that nobody wrote to`() async throws {
        try await TestDatabase.run { test in
            let page = try await test.database.read(channel: "notes:board:404", after: 7, limit: 10, reverse: false)
            #expect(page.top.offset == 0)
            #expect(page.entries.isEmpty)
        }
    }

    @Test func `the log is read from both ends`() async throws {
        try await TestDatabase.run { test in
            for number in 1...5 { try await test.database.writeUnrecorded(by: .test()) { tx in try tx.write("\(number)") } }
            func offsets(after: UInt64?, limit: Int, reverse: Bool) async throws -> [UInt64] {
                try await test.database.read(channel: NoteBoard(1).name, after: after, limit: limit, reverse: reverse).entries.map(\.offset)
            }
            #expect(try await offsets(after: 2, limit: 2, reverse: false) == [3, 4])
            #expect(try await offsets(after: nil, limit: 2, reverse: true) == [5, 4])
            #expect(try await offsets(after: 3, limit: 9, reverse: true) == [2, 1])
            #expect(try await offsets(after: nil, limit: 0, reverse: false) == [])
            #expect(try await offsets(after: .max, limit: 9, reverse: false) == [])
        }
    }

    @Test func `the epoch survives a restart and changes only when it is rotated`() async throws {
        try await TestStore.with { store in
            let first = try TestDatabase(in: store)
            try await first.database.writeUnrecorded(by: .test()) { tx in try tx.write("one") }
            let before = try await first.database.read { try $0.position(of: NoteBoard(1)) }
            await first.database.close()

            let second = try TestDatabase(in: store)
            #expect(try await second.database.read { try $0.position(of: NoteBoard(1)) } == before)
            try await second.database.rotateEpoch()
            let after = try await second.database.read { try $0.position(of: NoteBoard(1)) }
            #expect(after.epoch != before.epoch)
            #expect(after.epoch.utf8.count == 8)
            #expect(after.offset == before.offset)
            try await second.database.writeUnrecorded(by: .test()) { tx in try tx.write("two") }
            #expect(second.committed.events.last?.position == StreamPosition(epoch: after.epoch, offset: 2))
            await second.database.close()
        }
    }
}
