import Core
import Foundation
import GRDB
import SeededRandom
import Storage
import Synchronization
import Testing
import Wire

/// A database that loses its power again and again, at random moments: while it opens, writes, folds its log or closes.
@Suite(.enabled(if: TestStore.isSQLite, "it is about SQLite's files"), .timeLimit(.minutes(5))) struct PowerLossTests {
    /// `make torture` says more.
    private static let cutsPerLife = ProcessInfo.processInfo.environment["RINGSIDE_TORTURE_CUTS"].flatMap { Int($0) } ?? 15
    /// A little more than what opening, writing and closing take.
    private static let operationsMax = 240
    private static let writers = 4
    private static let transactionsPerWriter = 6

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `whatever the disk had not synced, what was acknowledged is there and nothing is half there`(seed: UInt64) async throws {
        let outcome = try await Self.life(of: .honest, seed: seed, cuts: Self.cutsPerLife)
        #expect(outcome.findings.isEmpty)
        #expect(outcome.acknowledged > Self.cutsPerLife)
        #expect(outcome.interrupted > Self.cutsPerLife / 4)
    }

    @Test func `a disk that only says that it has synced is found out`() async throws {
        #expect(try await !Self.life(of: .lying, seed: 5, cuts: 60).findings.isEmpty)
    }

    @Test func `when the disk has gone, whoever writes or reads is told so, and nobody waits for ever`() async throws {
        try await withTemporaryDirectory { directory in
            let disk = FragileDisk(directory, cutAfter: .max, honesty: .honest, seed: 6)
            try await FragileDiskDriver.with(disk) {
                let opened = try TestDatabase(in: .sqlite(path: directory + "/test.sqlite"))
                try disk.cut()
                for _ in 1...2 {
                    await #expect(throws: DatabaseUnavailable.self) {
                        try await opened.database.writeUnrecorded(by: .test()) { tx in try tx.write("in vain") }
                    }
                    await #expect(throws: DatabaseUnavailable.self) { try await opened.database.read { try $0.notes() } }
                }
                await opened.database.close()
            }
        }
    }

    // MARK: A life

    private struct Outcome {
        var findings: [String] = []
        var acknowledged = 0
        /// Cuts that a transaction, a start or an end has met.
        var interrupted = 0
    }

    private static func life(of honesty: FragileDisk.Honesty, seed: UInt64, cuts: Int) async throws -> Outcome {
        var outcome = Outcome()
        try await withTemporaryDirectory { directory in
            var generator = SplitMix64(seed: seed)
            let path = directory + "/test.sqlite"
            var acknowledged: Set<String> = []
            for round in 1...cuts where outcome.findings.isEmpty {
                let operations = generator.number(in: 1...operationsMax)
                let disk = FragileDisk(directory, cutAfter: operations, honesty: honesty, seed: generator.next())
                try await FragileDiskDriver.with(disk) {
                    let session = await Session.run(path, round: round, seed: generator.next())
                    // A machine that is switched off when all is done.
                    try disk.cut()
                    acknowledged.formUnion(session.acknowledged)
                    outcome.interrupted += session.wasInterrupted ? 1 : 0
                }
                try? FileManager.default.removeItem(atPath: path + "-shm")
                outcome.findings = findings(in: path, acknowledged).map { "round \(round): \($0)" }
            }
            outcome.acknowledged = acknowledged.count
        }
        return outcome
    }

    /// What is wrong with what is left, looked at with a disk that keeps everything.
    private static func findings(in path: String, _ acknowledged: Set<String>) -> [String] {
        do {
            let queue = try DatabaseQueue(path: path)
            defer { try? queue.close() }
            return try queue.read { try findings(in: $0, acknowledged) }
        } catch {
            return ["\(error)"]
        }
    }

    private static func findings(in database: GRDB.Database, _ acknowledged: Set<String>) throws -> [String] {
        var findings: [String] = []
        let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check")
        if integrity != ["ok"] { findings += integrity }
        // The first start was cut short: the schema is there as a whole or not at all.
        guard try database.tableExists("note") else { return acknowledged.isEmpty ? findings : findings + ["the schema is lost"] }

        let notes = try String.fetchAll(database, sql: "SELECT text FROM note").map(PieceOfWork.init)
        for (name, pieces) in Dictionary(grouping: notes, by: \.name) where pieces.count != pieces[0].of {
            findings.append("\(name) is half there: \(pieces.count) of \(pieces[0].of)")
        }
        let lost = acknowledged.subtracting(notes.map(\.name))
        if !lost.isEmpty { findings.append("acknowledged and lost: \(lost.sorted())") }

        let offsets = try Int.fetchAll(database, sql: #"SELECT "offset" FROM event ORDER BY "offset""#)
        if offsets != Array(offsets.indices.map { $0 + 1 }) { findings.append("the log has holes") }
        if offsets.count != notes.count { findings.append("\(notes.count) notes and \(offsets.count) events") }
        let top = try Int.fetchOne(database, sql: "SELECT top FROM channel") ?? 0
        if top != offsets.count { findings.append("the top is \(top), the log ends at \(offsets.count)") }
        return findings
    }

    /// One note of a transaction that wrote several: `name index/of`.
    private struct PieceOfWork {
        let name: String
        let of: Int

        init(_ text: String) {
            let parts = text.split(whereSeparator: { $0 == " " || $0 == "/" })
            name = String(parts[0])
            of = Int(parts[2]) ?? 0
        }
    }

    /// From one start to the next end or cut.
    private struct Session {
        var acknowledged: Set<String> = []
        var wasInterrupted = false

        static func run(_ path: String, round: Int, seed: UInt64) async -> Session {
            guard let opened = try? TestDatabase(in: .sqlite(path: path)) else { return Session(wasInterrupted: true) }
            let session = await withTaskGroup(of: Session.self) { group in
                for writer in 0..<writers {
                    group.addTask { await write(to: opened, "\(round).\(writer)", seed: seed &+ UInt64(writer)) }
                }
                return await group.reduce(into: Session()) { session, part in
                    session.acknowledged.formUnion(part.acknowledged)
                    session.wasInterrupted = session.wasInterrupted || part.wasInterrupted
                }
            }
            await opened.database.close()
            return session
        }

        private static func write(to opened: TestDatabase, _ label: String, seed: UInt64) async -> Session {
            var session = Session()
            var generator = SplitMix64(seed: seed)
            for number in 0..<transactionsPerWriter {
                let name = "\(label).\(number)"
                let pieces = generator.number(in: 1...8)
                do {
                    try await opened.database.writeUnrecorded(by: .test()) { tx in
                        for piece in 1...pieces { try tx.write("\(name) \(piece)/\(pieces)") }
                    }
                    session.acknowledged.insert(name)
                } catch {
                    session.wasInterrupted = true
                    return session
                }
            }
            return session
        }
    }
}
