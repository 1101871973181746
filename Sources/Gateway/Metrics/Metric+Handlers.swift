import Metrics

extension Metric {
    /// - Parameter values: of the labels, in the order of the table.
    func counter(_ values: String..., in factory: any MetricsFactory) -> Counter {
        Counter(label: name, dimensions: Array(zip(labels, values)), factory: factory)
    }

    /// - Parameter values: of the labels, in the order of the table.
    func timer(_ values: String..., in factory: any MetricsFactory) -> Timer {
        Timer(label: name, dimensions: Array(zip(labels, values)), factory: factory)
    }
}
