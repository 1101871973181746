import Foundation
import Testing

@testable import Gateway

@Suite struct MetricTableTests {
    @Test func `names are unique and of the form that Prometheus wants`() {
        #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
        for metric in Metric.all {
            #expect(metric.name.wholeMatch(of: /(ringside|process)(_[a-z]+)+/) != nil, "\(metric.name)")
            #expect(metric.labels.allSatisfy { $0.wholeMatch(of: /[a-z]+/) != nil && $0 != "le" }, "\(metric.name)")
            #expect(metric.help.hasSuffix("."), "\(metric.name)")
        }
    }

    @Test func `names end in the unit, and those of counters in total`() {
        for metric in Metric.all {
            let base = metric.kind == .counter ? metric.name.replacing("_total", with: "") : metric.name
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(metric.unit.map { base.hasSuffix("_\($0.rawValue)") } ?? true, "\(metric.name)")
        }
    }

    /// The repository's own file, found from this one.
    @Test func `the document shows the same table`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let document = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `ringside_") || $0.hasPrefix("| `process_") }
        let table = Metric.all.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return ["| `\(metric.name)`", metric.kind.rawValue, metric.unit?.rawValue ?? "", labels, metric.help].joined(separator: " | ")
                + " |"
        }
        #expect(rows.map(String.init) == table)
    }

    @Test func `the document names every reason and every limit`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let document = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        let limits = HubMetrics.families([]).filter { $0.metric == .limitsHit }.flatMap(\.samples).flatMap(\.labels)
        let doors = Refusals.Reason.allCases
        for name in limits + doors.map(\.rawValue) + doors.compactMap(\.limit) + ["request_bytes"] {
            #expect(document.contains("| `\(name)` |"), "\(name)")
        }
    }
}
