import Testing
import Wire

@testable import Accounts

@Suite struct FailureLedgerTests {
    private let start = Instant(microseconds: 1_800_000_000_000_000)

    @Test func `the eleventh failure in a row has to wait`() {
        var ledger = FailureLedger(failuresMax: 10, windowSeconds: 900, keysMax: 10)
        for _ in 0..<10 { #expect(ledger.begin("ana", at: start) == nil) }
        #expect(ledger.begin("ana", at: start) == 90_000)
        #expect(ledger.begin("ben", at: start) == nil)
    }

    @Test func `after the wait that was told one more attempt is allowed`() {
        var ledger = FailureLedger(failuresMax: 10, windowSeconds: 900, keysMax: 10)
        for _ in 0..<10 { _ = ledger.begin("ana", at: start) }
        #expect(ledger.begin("ana", at: start.advanced(bySeconds: 89)) == 1_000)
        #expect(ledger.begin("ana", at: start.advanced(bySeconds: 90)) == nil)
        #expect(ledger.begin("ana", at: start.advanced(bySeconds: 90)) != nil)
    }

    @Test func `an attempt that is taken back does not count`() {
        var ledger = FailureLedger(failuresMax: 2, windowSeconds: 900, keysMax: 10)
        for _ in 0..<20 {
            #expect(ledger.begin("ana", at: start) == nil)
            ledger.takeBack("ana", at: start)
        }
        #expect(ledger.keyCount == 0)
    }

    @Test func `a success forgives what was before`() {
        var ledger = FailureLedger(failuresMax: 2, windowSeconds: 900, keysMax: 10)
        _ = ledger.begin("ana", at: start)
        _ = ledger.begin("ana", at: start)
        ledger.forget("ana")
        #expect(ledger.begin("ana", at: start) == nil)
    }

    @Test func `a clock that is set back forgives nothing`() {
        var ledger = FailureLedger(failuresMax: 1, windowSeconds: 900, keysMax: 10)
        _ = ledger.begin("ana", at: start)
        #expect(ledger.begin("ana", at: start.advanced(bySeconds: -3_600)) != nil)
    }

    @Test func `a full ledger forgets who failed least`() {
        var ledger = FailureLedger(failuresMax: 3, windowSeconds: 900, keysMax: 3)
        for _ in 0..<3 { _ = ledger.begin("ana", at: start) }
        for index in 0..<50 { _ = ledger.begin("other\(index)", at: start) }
        #expect(ledger.keyCount == 3)
        #expect(ledger.begin("ana", at: start) != nil)
    }
}
