/// A strict reader of Prometheus's text format, version 0.0.4: says what is wrong with a page, where the reader of `ringside top` would be
/// content.
struct MetricsText {
    /// By the line's beginning, `name{label="value"}`.
    private(set) var values: [String: Double] = [:]
    private(set) var problems: [String] = []

    private var kinds: [String: String] = [:]
    private var helped: Set<String> = []
    private var current = ""
    private var finished: Set<String> = []
    /// Of histograms, by the labels without `le`: bounds and counts in the order of the lines.
    private var buckets: [String: [(bound: Double, count: Double)]] = [:]
    private var counts: [String: Double] = [:]

    init(_ text: String) {
        if !text.hasSuffix("\n") { problems.append("the last line has no end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { read(line) }
        checkHistograms()
    }

    private mutating func read(_ line: Substring) {
        if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)/) {
            begin(String(match.1))
            if !helped.insert(current).inserted { problems.append("a second HELP of \(current)") }
            if String(match.2).replacing("\\\\", with: "").replacing("\\n", with: "").contains("\\") {
                problems.append("escape in \(line)")
            }
        } else if let match = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
            if String(match.1) != current { problems.append("TYPE without HELP before it: \(line)") }
            if kinds.updateValue(String(match.2), forKey: current) != nil { problems.append("a second TYPE of \(current)") }
        } else if let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? (\S+)/) {
            sample(String(match.1), match.3.map(String.init) ?? "", String(match.4), line)
        } else {
            problems.append("no line of the format: \(line)")
        }
    }

    /// The lines of a metric stand together.
    private mutating func begin(_ name: String) {
        finished.insert(current)
        current = name
        if finished.contains(name) { problems.append("\(name) begins again") }
    }

    private mutating func sample(_ name: String, _ labels: String, _ text: String, _ line: Substring) {
        guard let kind = kinds[current] else { return problems.append("a sample before its TYPE: \(line)") }
        let names = kind == "histogram" ? ["_bucket", "_sum", "_count"].map { current + $0 } : [current]
        if !names.contains(name) { problems.append("a sample of another metric: \(line)") }
        guard let value = Self.number(text) else { return problems.append("no number: \(line)") }
        if kind != "gauge", !value.isFinite || value < 0 { problems.append("less than nothing: \(line)") }
        let pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"/
        let pairs = labels.matches(of: pair).map { (name: String($0.1), text: String($0.0)) }
        if pairs.map(\.text).joined(separator: ",") != labels { problems.append("labels: \(line)") }
        if Set(pairs.map(\.name)).count != pairs.count { problems.append("a label twice: \(line)") }
        if values.updateValue(value, forKey: String(line.prefix(line.count - text.count - 1))) != nil { problems.append("twice: \(line)") }
        guard kind == "histogram" else { return }
        let rest = current + "{" + pairs.filter { $0.name != "le" }.map(\.text).joined(separator: ",") + "}"
        if name.hasSuffix("_bucket"), let bound = pairs.first(where: { $0.name == "le" })?.text.dropFirst(4).dropLast() {
            buckets[rest, default: []].append((Self.number(String(bound)) ?? .nan, value))
        } else if name.hasSuffix("_count") {
            counts[rest] = value
        }
    }

    private mutating func checkHistograms() {
        for (series, buckets) in buckets {
            if zip(buckets, buckets.dropFirst()).contains(where: { !($0.bound < $1.bound) || $0.count > $1.count }) {
                problems.append("buckets out of order: \(series)")
            }
            if buckets.last?.bound != .infinity || buckets.last?.count != counts[series] { problems.append("the last bucket: \(series)") }
        }
        if Set(buckets.keys) != Set(counts.keys) { problems.append("histograms without buckets or count") }
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.wholeMatch(of: /-?\d+(\.\d+)?(e[+-]\d+)?/) == nil ? nil : Double(text)
        }
    }
}
