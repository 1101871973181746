import Club
import Foundation

/// The end of a demo as a person reads it.
struct DemoTable: CustomStringConvertible {
    private let report: ClubReport

    init(_ report: ClubReport) {
        self.report = report
    }

    var description: String {
        let rows = self.rows
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { name, value in name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value }
        return (lines + notes).joined(separator: "\n")
    }

    private var rows: [(String, String)] {
        [
            ("venues", "\(report.venues)"),
            ("accounts", "\(report.accounts)"),
            ("watchers", "\(report.watchers), \(report.restlessWatchers) of them cut at random"),
            ("bookings accepted", "\(report.accepted)"),
            ("bookings refused", "\(report.refused)"),
            ("bookings per second", String(format: "%.0f", report.bookingsPerSecond)),
            ("events delivered", "\(report.delivered), \(report.recovered) of them by resuming"),
            ("answer to last watcher, p50", milliseconds(report.delayP50)),
            ("answer to last watcher, p99", milliseconds(report.delayP99)),
            ("resumes", "\(report.resumes)"),
            ("resumes not recovered", "\(report.notRecovered)"),
            ("gaps", "\(report.gaps)"),
            ("duplicates", "\(report.duplicates)"),
            ("replicas equal to REST", "\(report.equalReplicas) of \(report.watchers)"),
        ]
    }

    private var notes: [String] {
        let refusals = report.refusals.sorted { $0.key < $1.key }.map { "refused with \($0.key): \($0.value)" }
        let complaints = report.complaints.sorted().map { "a watcher: \($0)" }
        let measure = """
            (From the arrival of a booking's answer, sent after its commit, to the last connected watcher's hearing of it; zero where all
            heard first. Watchers that were away are not counted.)
            """
        return [measure] + refusals + complaints + [report.isFlawless ? "Nothing missed." : "NOT FLAWLESS."]
    }

    private func milliseconds(_ duration: Duration?) -> String {
        duration.map { String(format: "%.2f ms", $0 / .milliseconds(1)) } ?? "-"
    }
}
