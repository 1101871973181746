/// One of the figures that `/metrics` shows: its name, what it means and what tells its series apart. All of them stand in ``all``.
public struct Metric: Hashable, Sendable {
    /// How the figure moves.
    public enum Kind: String, Sendable {
        /// Grows, and begins anew at zero with the process.
        case counter
        /// Goes up and down.
        case gauge
        /// How many observations fell below each of the bounds.
        case histogram
    }

    /// What is counted, where it is not pieces. Names end in it.
    public enum Unit: String, Sendable {
        case bytes
        case seconds
    }

    /// `ringside_deliveries_total`.
    public let name: String
    public let kind: Kind
    public let unit: Unit?
    /// One sentence for the one who reads it on a dashboard.
    public let help: String
    /// The names of the labels, in the order in which a ``MetricSample`` gives their values. None ever holds personal data.
    public let labels: [String]

    init(_ name: String, _ kind: Kind, unit: Unit? = nil, labels: [String] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.labels = labels
    }
}
