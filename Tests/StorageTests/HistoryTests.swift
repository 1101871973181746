import Core
import Storage
import Testing
import Wire

@Suite struct HistoryTests {
    @Test func `a channel keeps its newest events and never its old offsets`() async throws {
        var configuration = DatabaseConfiguration.patient
        configuration.historyEventsMax = 100
        try await TestDatabase.run(configuration) { test in
            for _ in 0..<30 {
                try await test.database.writeUnrecorded(by: .test()) { tx in
                    for number in 0..<20 { try tx.emit(NoteWritten(text: "\(number)"), to: NoteBoard(1)) }
                }
            }
            let page = try await test.database.read(channel: NoteBoard(1).name, after: nil, limit: 10_000, reverse: false)
            #expect(page.top.offset == 600)
            #expect(page.entries.last?.offset == 600)
            #expect(page.entries.count >= 100)
            #expect(page.entries.count < 100 + 256 + 20, "between two prunings a stride may gather, and the batch that ends it")
        }
    }

    @Test(arguments: [0, 1, 2, 99, 100, 101, 250]) func `the tops of many channels are those of each`(count: Int) async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in
                for board in 1...120 {
                    for number in 0..<(board % 3) { try tx.emit(NoteWritten(text: "\(number)"), to: NoteBoard(board)) }
                }
            }
            // Some are named twice, and some were never written.
            let names = (0..<count).map { NoteBoard($0 % 130 + 1).name }
            let tops = try await test.database.tops(of: names)
            #expect(tops.count == count)
            for (name, top) in zip(names, tops) {
                let alone = try await test.database.read(channel: name, after: nil, limit: 0, reverse: false).top
                #expect(top == alone, "\(name)")
            }
        }
    }

    @Test func `events past their age are removed, the top is not`() async throws {
        try await TestDatabase.run { test in
            try await test.database.writeUnrecorded(by: .test()) { tx in
                for number in 0..<2_500 { try tx.emit(NoteWritten(text: "\(number)"), to: NoteBoard(1)) }
                try tx.emit(NoteWritten(text: "alone"), to: NoteBoard(2))
            }
            test.time.advance(bySeconds: 7 * 86_400 + 1)
            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.emit(NoteWritten(text: "new"), to: NoteBoard(1)) }
            try await test.database.prune()

            let first = try await test.database.read(channel: NoteBoard(1).name, after: nil, limit: 10, reverse: false)
            #expect(first.entries.map(\.offset) == [2_501])
            let second = try await test.database.read(channel: NoteBoard(2).name, after: nil, limit: 10, reverse: false)
            #expect(second.entries.isEmpty)
            #expect(second.top.offset == 1)

            try await test.database.writeUnrecorded(by: .test()) { tx in try tx.emit(NoteWritten(text: "next"), to: NoteBoard(2)) }
            #expect(test.committed.events.last?.position == StreamPosition(epoch: second.top.epoch, offset: 2))
        }
    }
}
