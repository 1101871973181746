import ServerTesting
import Testing

@Suite struct FaultCursorTests {
    @Test func `a fault comes when exactly so many bytes have passed`() {
        let plan = FaultPlan([
            Fault(.toClient, at: 10, .cut(.reset)), Fault(.toClient, at: 4, .hold(turns: 1)), Fault(.toServer, at: 0, .trickle(bytes: 2)),
        ])

        var toClient = FaultCursor(plan, .toClient)
        #expect(toClient.next(available: 7) == .forward(4))
        #expect(toClient.next(available: 3) == .fault(.hold(turns: 1)))
        #expect(toClient.next(available: 3) == .forward(3))
        #expect(toClient.next(available: 0) == .wait)
        #expect(toClient.next(available: 100) == .forward(3))
        #expect(toClient.next(available: 97) == .fault(.cut(.reset)))
        #expect(toClient.next(available: 97) == .forward(97))
        #expect(toClient.passed == 107)

        var toServer = FaultCursor(plan, .toServer)
        #expect(toServer.next(available: 0) == .fault(.trickle(bytes: 2)))
        #expect(toServer.next(available: 0) == .wait)
    }

    @Test func `the same seed and number give the same plan, and every plan has an end`() {
        for number in 0..<500 {
            let plan = FaultPlan.random(seed: 7, connection: number, bytesMax: 1_000)
            #expect(plan == FaultPlan.random(seed: 7, connection: number, bytesMax: 1_000))
            #expect(plan.faults.contains(Fault(.toClient, at: 1_000, .cut(.reset))))
            #expect(plan.faults.allSatisfy { (0...1_000).contains($0.offset) })
        }
        #expect(Set((0..<500).map { FaultPlan.random(seed: 7, connection: $0, bytesMax: 1_000) }).count > 490)
    }
}

@Suite struct SequenceVerdictTests {
    private static let log = (1...6).map { SequenceEntry(offset: UInt64($0), id: "e\($0)") }

    @Test func `what was heard in full and in order is flawless`() {
        #expect(SequenceVerdict(heard: Self.log, log: Self.log).isFlawless)
        #expect(SequenceVerdict(heard: [], log: []).isFlawless)
    }

    @Test func `every way to differ from the log is named`() {
        var missing = Self.log
        missing.remove(at: 2)
        #expect("\(SequenceVerdict(heard: missing, log: Self.log))" == "1 missing, 0 twice, 0 out of order, 0 invented, first at 2")

        let twice = Self.log + [Self.log[5]]
        #expect("\(SequenceVerdict(heard: twice, log: Self.log))" == "0 missing, 1 twice, 0 out of order, 0 invented, first at 6")

        var swapped = Self.log
        swapped.swapAt(3, 4)
        #expect("\(SequenceVerdict(heard: swapped, log: Self.log))" == "0 missing, 0 twice, 1 out of order, 0 invented, first at 3")

        var invented = Self.log
        invented[0] = SequenceEntry(offset: 1, id: "other")
        #expect("\(SequenceVerdict(heard: invented, log: Self.log))" == "1 missing, 0 twice, 0 out of order, 1 invented, first at 0")
    }
}
