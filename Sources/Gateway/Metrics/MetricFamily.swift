/// All series of one metric, as they stand now.
public struct MetricFamily: Sendable {
    public let metric: Metric
    public var samples: [MetricSample]

    public init(_ metric: Metric, _ samples: [MetricSample]) {
        self.metric = metric
        self.samples = samples
    }

    /// A metric without labels.
    public init(_ metric: Metric, _ value: some BinaryInteger) {
        self.init(metric, [MetricSample([], .number(Double(value)))])
    }

    /// Joins what several sources say of one metric. Families come out in the order of the table.
    static func joined(_ families: [MetricFamily]) -> [MetricFamily] {
        let samples = Dictionary(grouping: families) { $0.metric.name }.mapValues { $0.flatMap(\.samples) }
        return Metric.all.compactMap { metric in samples[metric.name].map { MetricFamily(metric, $0) } }
    }
}

/// One series of a metric.
public struct MetricSample: Sendable {
    public enum Value: Sendable, Equatable {
        case number(Double)
        case histogram(HistogramValue)
    }

    /// In the order of ``Metric/labels``.
    public let labels: [String]
    public let value: Value

    public init(_ labels: [String], _ value: Value) {
        self.labels = labels
        self.value = value
    }

    init(_ label: some CustomStringConvertible, _ count: Int) {
        self.init([label.description], .number(Double(count)))
    }
}

/// Observations by bucket.
public struct HistogramValue: Sendable, Equatable {
    /// The largest observation of each bucket, growing; one more bucket holds what is larger.
    public let bounds: [Double]
    /// One more than there are bounds; not cumulative.
    public var counts: [Int]
    public var sum: Double

    public init(bounds: [Double]) {
        self.init(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1), sum: 0)
    }

    /// - Parameter counts: One more than there are bounds; not cumulative.
    public init(bounds: [Double], counts: [Int], sum: Double) {
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    /// Counts one observation.
    public mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
