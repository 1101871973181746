import Testing

@testable import Gateway

@Suite struct PrometheusTextTests {
    private static let plain = Metric("a_total", .counter, "How many.")
    private static let labelled = Metric("b", .gauge, labels: ["x", "y"], #"A \ and"# + "\na line.")
    private static let histogram = Metric("c_seconds", .histogram, unit: .seconds, labels: ["x"], "How long.")

    @Test func `a metric without labels is three lines`() {
        #expect(PrometheusText.render([MetricFamily(Self.plain, 7)]) == "# HELP a_total How many.\n# TYPE a_total counter\na_total 7\n")
    }

    @Test func `what would end a value or a line is escaped`() {
        let sample = MetricSample([#"quote " and \"#, "two\nlines"], .number(1.5))
        #expect(
            PrometheusText.render([MetricFamily(Self.labelled, [sample])]) == #"""
                # HELP b A \\ and\na line.
                # TYPE b gauge
                b{x="quote \" and \\",y="two\nlines"} 1.5

                """#
        )
    }

    @Test func `the buckets of a histogram add up and the last one holds all`() {
        var value = HistogramValue(bounds: [0.1, 1])
        for observation in [0.1, 0.5, 1, 7] { value.observe(observation) }
        #expect(
            PrometheusText.render([MetricFamily(Self.histogram, [MetricSample(["v"], .histogram(value))])]) == #"""
                # HELP c_seconds How long.
                # TYPE c_seconds histogram
                c_seconds_bucket{x="v",le="0.1"} 1
                c_seconds_bucket{x="v",le="1"} 3
                c_seconds_bucket{x="v",le="+Inf"} 4
                c_seconds_sum{x="v"} 8.6
                c_seconds_count{x="v"} 4

                """#
        )
    }

    @Test func `a metric without series is not mentioned`() {
        #expect(PrometheusText.render([MetricFamily(Self.labelled, [])]).isEmpty)
    }

    @Test(
        arguments: [
            (0, "0"), (-3, "-3"), (1e15, "1000000000000000"), (0.00025, "0.00025"), (1e-7, "1e-07"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"),
            (.nan, "NaN"),
        ] as [(Double, String)])
    func `numbers are written as they are read`(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test func `what several sources say of one metric stands together`() {
        let families = MetricFamily.joined([
            MetricFamily(.limitsHit, [MetricSample("a", 1)]), MetricFamily(.connections, [MetricSample("0", 2)]),
            MetricFamily(.limitsHit, [MetricSample("b", 3)]),
        ])
        #expect(families.map(\.metric) == [.connections, .limitsHit])
        #expect(families.map { $0.samples.map(\.labels) } == [[["0"]], [["a"], ["b"]]])
    }
}
