/// Knows some of the figures. Asked when somebody reads `/metrics`, so that counting costs no more than counting.
public protocol MetricsSource: Sendable {
    /// The figures at this moment. Must neither block nor wait for anything that can take long.
    func families() async -> [MetricFamily]
}
