import Core
import Testing
import Wire

@testable import Accounts

@Suite struct RevocationIndexTests {
    private let clock = ManualClock()

    @Test func `a starting server reads back what could still matter`() async throws {
        let revocations = RevocationIndex(time: clock)
        try await revocations.load(from: log(agesInSeconds: (0..<1_200).reversed().map(Int64.init)))
        #expect(revocations.reasonToRefuse(caller(session: 1_200)) == .ended)
        #expect(revocations.reasonToRefuse(caller(session: 1_200 - AccessTokens.lifeSeconds)) == .ended)
        #expect(revocations.reasonToRefuse(caller(session: 1)) == nil)
    }

    @Test func `a log without revocations refuses nobody`() async throws {
        let revocations = RevocationIndex(time: clock)
        try await revocations.load(from: log(agesInSeconds: []))
        #expect(revocations.reasonToRefuse(caller(session: 1)) == nil)
    }

    @Test func `a log that was pruned too early makes everybody renew`() async throws {
        let revocations = RevocationIndex(time: clock)
        try await revocations.load(from: log(agesInSeconds: [30, 20], firstOffset: 5))
        #expect(revocations.reasonToRefuse(caller(session: 999, issuedSecondsAgo: 31)) == .expired)
        #expect(revocations.reasonToRefuse(caller(session: 999, issuedSecondsAgo: 29)) == nil)
    }

    @Test func `a revocation is forgotten after the last token that it covers`() throws {
        let revocations = RevocationIndex(time: clock)
        let caller = caller(session: 1)
        try revocations.apply(event(Revocation(scope: .session, userID: UserID(7), sessionID: SessionID(1), at: clock.now), 1))
        clock.advance(bySeconds: AccessTokens.lifeSeconds)
        try revocations.apply(event(Revocation(scope: .session, userID: UserID(7), sessionID: SessionID(2), at: clock.now), 2))
        #expect(revocations.reasonToRefuse(caller) == .ended)
        clock.advance(bySeconds: 120)
        try revocations.apply(event(Revocation(scope: .session, userID: UserID(7), sessionID: SessionID(3), at: clock.now), 3))
        #expect(revocations.reasonToRefuse(caller) == nil)
    }

    private func caller(session: Int64, issuedSecondsAgo age: Int64 = 0) -> SignedInCaller {
        let issuedAt = clock.now.advanced(bySeconds: -age)
        return SignedInCaller(
            userID: UserID(7), role: .employee, sessionID: SessionID(session), issuedAt: issuedAt,
            expiresAt: issuedAt.advanced(bySeconds: AccessTokens.lifeSeconds)
        )
    }

    /// The n-th event, from one, ends the sign-in n.
    private func log(agesInSeconds ages: [Int64], firstOffset: UInt64 = 1) throws -> FixedLog {
        let entries = try ages.enumerated().map { index, age in
            let revocation = Revocation(
                scope: .session, userID: UserID(7), sessionID: SessionID(Int64(index + 1)), at: clock.now.advanced(bySeconds: -age)
            )
            return LogEntry(offset: firstOffset + UInt64(index), data: try event(revocation, 0).data)
        }
        return FixedLog(entries: entries)
    }
}

/// A log of one channel that nobody writes to any more.
private struct FixedLog: EventLog {
    let entries: [LogEntry]

    func read(channel _: String, after: UInt64?, limit: Int, reverse: Bool) async throws -> LogPage {
        let ordered = reverse ? entries.reversed() : entries
        let rest = ordered.filter { entry in after.map { reverse ? entry.offset < $0 : entry.offset > $0 } ?? true }
        return LogPage(top: StreamPosition(epoch: "e", offset: entries.last?.offset ?? 0), entries: Array(rest.prefix(limit)))
    }
}

/// A revocation as the relay hands it over.
func event(_ revocation: Revocation, _ offset: UInt64) throws -> CommittedEvent {
    let envelope = EventEnvelope(type: Revocation.type, id: "\(offset)", at: revocation.at, data: revocation)
    return CommittedEvent(
        channel: SystemChannel.revocations.name, position: StreamPosition(epoch: "e", offset: offset), data: try RawJSON(encoding: envelope)
    )
}
