/// The figures of a server at one moment, read from what `/metrics` answers.
public struct Scrape: Sendable {
    struct Series: Sendable {
        let labels: [String: String]
        let value: Double
    }

    /// By name; a histogram is three names.
    private var series: [String: [Series]] = [:]

    /// - Returns: nil for what is not the text format of Prometheus.
    public init?(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let (name, series) = Self.read(line) else { return nil }
            self.series[name, default: []].append(series)
        }
    }

    private static func read(_ line: Substring) -> (String, Series)? {
        guard let nameEnd = line.firstIndex(where: { $0 == "{" || $0 == " " }), nameEnd > line.startIndex else { return nil }
        let name = String(line[..<nameEnd])
        var rest = line[nameEnd...]
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest.removeFirst()
            while rest.first != "}" {
                guard let (label, value) = readLabel(&rest) else { return nil }
                labels[label] = value
            }
            rest.removeFirst()
        }
        guard rest.first == " ", let value = number(rest.dropFirst()) else { return nil }
        return (name, Series(labels: labels, value: value))
    }

    /// Reads `name="value"` and the comma behind it.
    private static func readLabel(_ rest: inout Substring) -> (String, String)? {
        guard let equals = rest.firstIndex(of: "=") else { return nil }
        let name = String(rest[..<equals])
        rest = rest[rest.index(after: equals)...]
        guard rest.popFirst() == "\"" else { return nil }
        var value = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"":
                if rest.first == "," { rest.removeFirst() }
                return (name, value)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            default: value.append(next)
            }
        }
        return nil
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(text)
        }
    }

    // MARK: Questions

    /// The sum over the series that have these labels; nil where there is none.
    public func sum(_ name: String, where labels: [String: String] = [:]) -> Double? {
        let matching = (series[name] ?? []).filter { series in labels.allSatisfy { series.labels[$0.key] == $0.value } }
        return matching.isEmpty ? nil : matching.reduce(0) { $0 + $1.value }
    }

    /// The values that a label has.
    func values(of label: String, in name: String) -> Set<String> {
        Set((series[name] ?? []).compactMap { $0.labels[label] })
    }

    /// How many observations of a histogram were at most as large as each bound, over all of its series, by growing bound.
    func buckets(_ name: String, where labels: [String: String] = [:]) -> [(bound: Double, count: Double)] {
        var counts: [Double: Double] = [:]
        for bucket in series[name + "_bucket"] ?? [] where labels.allSatisfy({ bucket.labels[$0.key] == $0.value }) {
            guard let bound = bucket.labels["le"].flatMap({ Self.number($0[...]) }) else { continue }
            counts[bound, default: 0] += bucket.value
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
