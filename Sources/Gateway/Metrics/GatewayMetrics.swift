/// What the doorway counts, and what it shows of the others' figures.
struct GatewayMetrics: Sendable {
    let requests: RequestMetrics
    let refusals: Refusals
    private let sources: [any MetricsSource]

    /// - Parameter sources: what is shown beside the doorway's own figures.
    init(sources: [any MetricsSource] = []) {
        let registry = MetricsRegistry()
        requests = RequestMetrics(factory: registry)
        refusals = Refusals(factory: registry)
        self.sources = [registry] + sources
    }

    /// The page, where there is to be one.
    func routes(_ configuration: GatewayConfiguration) -> [Route] {
        guard configuration.metricsAccess != .off else { return [] }
        let page = MetricsPage(access: configuration.metricsAccess, sources: sources + [ProcessMetrics(version: configuration.version)])
        return [Route(.get, "/metrics", .metrics(page), isProbe: true)]
    }
}
