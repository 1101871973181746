import Testing
import Wire

@Suite struct CodesTests {
    @Test(
        arguments: [
            (1000, false), (1001, false), (1006, false), (1009, true), (2999, false), (3000, false), (3499, false), (3500, true),
            (3999, true),
            (4000, false), (4499, false), (4500, true), (4999, true), (5000, false),
        ] as [(UInt16, Bool)])
    func `the range of a close code tells whether clients stay away`(code: UInt16, isTerminal: Bool) {
        #expect(Disconnect(code: code, reason: "").isTerminal == isTerminal)
    }

    @Test func `a reason always fits into a close frame`() {
        #expect(Disconnect(code: 3000, reason: String(repeating: "a", count: 123)).reason.utf8.count == 123)
        for padding in 0..<8 {
            let reason = String(repeating: "a", count: padding) + String(repeating: "🥊", count: 60)
            #expect(Disconnect(code: 3000, reason: reason).reason.utf8.count <= Disconnect.reasonBytesMax)
        }
    }

    @Test func `unsubscriptions below 2500 are final`() {
        #expect(Unsubscription.server.isTerminal)
        #expect(!Unsubscription.insufficientState.isTerminal)
    }

    @Test func `bit 1 of the flag asks to refuse what cannot be recovered`() {
        #expect(!SubscribeRequest(flag: 1).rejectsUnrecovered)
        #expect(SubscribeRequest(flag: 2).rejectsUnrecovered)
        #expect(SubscribeRequest(flag: 3).rejectsUnrecovered)
    }
}
