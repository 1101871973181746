/// Writes figures in the text format of Prometheus, version 0.0.4.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func render(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families where !family.samples.isEmpty {
            let metric = family.metric
            text += "# HELP \(metric.name) \(escaped(help: metric.help))\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for sample in family.samples { append(sample, of: metric, to: &text) }
        }
        return text
    }

    private static func append(_ sample: MetricSample, of metric: Metric, to text: inout String) {
        let labels = zip(metric.labels, sample.labels).map { #"\#($0)="\#(escaped(label: $1))""# }
        switch sample.value {
        case .number(let value):
            text += "\(metric.name)\(braced(labels)) \(number(value))\n"
        case .histogram(let histogram):
            var total = 0
            for (index, count) in histogram.counts.enumerated() {
                total += count
                let bound = index < histogram.bounds.count ? number(histogram.bounds[index]) : "+Inf"
                text += "\(metric.name)_bucket\(braced(labels + [#"le="\#(bound)""#])) \(total)\n"
            }
            text += "\(metric.name)_sum\(braced(labels)) \(number(histogram.sum))\n"
            text += "\(metric.name)_count\(braced(labels)) \(total)\n"
        }
    }

    private static func braced(_ labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    /// As Go's `ParseFloat` reads it; whole numbers without a fraction, because people read this, too.
    static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value.description
    }

    private static func escaped(help: String) -> String {
        help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func escaped(label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
