import Club
import Testing

@Suite struct ClubReportTests {
    private var flawless: ClubReport {
        var report = ClubReport()
        report.watchers = 2
        report.equalReplicas = 2
        report.accepted = 100
        report.bookingTime = .milliseconds(500)
        return report
    }

    @Test func `a play in which nothing went wrong is flawless`() {
        #expect(flawless.isFlawless)
        #expect(flawless.bookingsPerSecond == 200)
    }

    @Test(
        arguments: [
            { $0.refusals = ["409 booking.no_room": 1] }, { $0.gaps = 1 }, { $0.duplicates = 1 }, { $0.notRecovered = 1 },
            { $0.equalReplicas = 1 }, { $0.complaints = ["closed"] },
        ] as [@Sendable (inout ClubReport) -> Void])
    func `any single flaw shows`(flaw: @Sendable (inout ClubReport) -> Void) {
        var report = flawless
        flaw(&report)

        #expect(!report.isFlawless)
    }
}
