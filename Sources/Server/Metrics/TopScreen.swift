/// A running server's figures as a picture of text. Pure: the same scrapes make the same picture.
public struct TopScreen: Sendable {
    /// What is looked at, for the first line.
    public let url: String
    /// The size of the terminal; longer lines are cut, and so is the end of the picture.
    public let columns: Int
    public let rows: Int

    public init(url: String, columns: Int, rows: Int) {
        self.url = url
        self.columns = columns
        self.rows = rows
    }

    /// - Parameters:
    ///   - before: an earlier look, for what happens in a second; nil shows what has happened since the start where it can.
    ///   - seconds: between the two looks.
    ///   - unixTime: of the later look, in seconds.
    /// - Returns: at most as many lines as there are rows.
    public func lines(_ now: Scrape, since before: Scrape?, seconds: Double, unixTime: Double) -> [String] {
        let difference = ScrapeDifference(now: now, before: before, seconds: seconds)
        var lines = summary(difference, unixTime: unixTime) + [""] + loops(difference)
        for list in Self.lists {
            if let line = line(of: list, difference) { lines.append(line) }
        }
        lines += routes(difference)
        return lines.prefix(max(rows, 0)).map { String($0.prefix(max(columns, 0))) }
    }

    // MARK: The whole server

    private func summary(_ figures: ScrapeDifference, unixTime: Double) -> [String] {
        let now = figures.now
        let version = now.values(of: "version", in: "ringside_build_info").first ?? ""
        let uptime = now.sum("process_start_time_seconds").map { unixTime - $0 }
        let cpu = figures.rate("process_cpu_seconds_total").map { FigureText.count($0 * 100) + " %" } ?? FigureText.none
        var lines = [
            "Ringside \(version)  \(url)  up \(FigureText.uptime(uptime))", "",
            Self.row([
                ("connections", FigureText.count(now.sum("ringside_connections"))),
                ("subscriptions", FigureText.count(now.sum("ringside_subscriptions"))),
                ("queued", FigureText.bytes(now.sum("ringside_queue_bytes"))),
            ]),
            Self.row([
                ("deliveries", FigureText.rate(figures.rate("ringside_deliveries_total"))),
                ("requests", FigureText.rate(figures.rate("ringside_http_requests_total"))),
                ("log reads", FigureText.rate(figures.rate("ringside_log_reads_total"))),
            ]),
        ]
        if now.sum("ringside_commits_total") != nil {
            lines.append(
                Self.row([
                    ("transactions", FigureText.rate(figures.rate("ringside_transactions_total"))),
                    ("commits", FigureText.rate(figures.rate("ringside_commits_total"))),
                    ("events", FigureText.rate(figures.rate("ringside_events_total"))),
                ])
            )
        }
        lines.append(
            Self.row([
                ("cpu", cpu), ("memory", FigureText.bytes(now.sum("process_resident_memory_bytes"))),
                ("descriptors", FigureText.count(now.sum("process_open_fds"))),
            ])
        )
        let delivery = "ringside_commit_to_delivery_seconds"
        lines.append(
            Self.row([
                ("delivered p50", FigureText.seconds(figures.quantile(0.5, of: delivery))),
                ("p99", FigureText.seconds(figures.quantile(0.99, of: delivery))),
                ("p99.9", FigureText.seconds(figures.quantile(0.999, of: delivery))),
            ])
        )
        return lines
    }

    private static func row(_ cells: [(name: String, value: String)]) -> String {
        cells.map { padded($0.name, 14) + padded($0.value, 12) }.joined().trimmingEnd()
    }

    // MARK: The event loops

    private func loops(_ figures: ScrapeDifference) -> [String] {
        let name = "ringside_connections"
        let loops = figures.now.values(of: "loop", in: name).sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
        guard !loops.isEmpty else { return [] }
        let header = ["loop", "connections", "subscriptions", "channels", "queued", "deliveries", "lag p99"]
        let table = loops.map { loop in
            let labels = ["loop": loop]
            return [
                loop, FigureText.count(figures.now.sum(name, where: labels)),
                FigureText.count(figures.now.sum("ringside_subscriptions", where: labels)),
                FigureText.count(figures.now.sum("ringside_channels", where: labels)),
                FigureText.bytes(figures.now.sum("ringside_queue_bytes", where: labels)),
                FigureText.rate(figures.rate("ringside_deliveries_total", where: labels)),
                FigureText.seconds(figures.quantile(0.99, of: "ringside_loop_lag_seconds", where: labels)),
            ]
        }
        return ([header] + table).map { $0.map { Self.padded($0, 15) }.joined().trimmingEnd() } + [""]
    }

    // MARK: What went wrong

    private struct List {
        let title: String
        let metric: String
        let label: String
    }

    private static let lists = [
        List(title: "began", metric: "ringside_subscription_starts_total", label: "outcome"),
        List(title: "closed", metric: "ringside_closes_total", label: "code"),
        List(title: "refused", metric: "ringside_connections_refused_total", label: "reason"),
        List(title: "limits hit", metric: "ringside_limits_hit_total", label: "limit"),
    ]

    /// Each label with its count, and with what came since the last look: `closed  3008 12 (+3)`. Nil where all is quiet.
    private func line(of list: List, _ figures: ScrapeDifference) -> String? {
        let counts = figures.now.values(of: list.label, in: list.metric).sorted().compactMap { value -> String? in
            let labels = [list.label: value]
            guard let count = figures.now.sum(list.metric, where: labels), count > 0 else { return nil }
            let growth = figures.rate(list.metric, where: labels).map { $0 * figures.seconds } ?? 0
            return "\(value) \(FigureText.count(count))" + (growth > 0 ? " (+\(FigureText.count(growth)))" : "")
        }
        return counts.isEmpty ? nil : Self.padded(list.title, 14) + counts.joined(separator: "   ")
    }

    // MARK: Requests

    /// The routes that are asked most, first those of the last second.
    private func routes(_ figures: ScrapeDifference) -> [String] {
        let name = "ringside_http_requests_total"
        let routes = figures.now.values(of: "route", in: name).map { route in
            let labels = ["route": route]
            return (route: route, rate: figures.rate(name, where: labels), count: figures.now.sum(name, where: labels) ?? 0)
        }
        guard !routes.isEmpty else { return [] }
        let busiest = routes.sorted { ($0.rate ?? 0, $0.count, $1.route) > ($1.rate ?? 0, $1.count, $0.route) }
        let table = busiest.map { route in
            let mean = figures.mean("ringside_http_request_duration_seconds", where: ["route": route.route])
            return [FigureText.rate(route.rate), FigureText.seconds(mean), FigureText.count(route.count), route.route]
        }
        return [""] + ([["requests", "mean", "in all", "route"]] + table).map { $0.map { Self.padded($0, 12) }.joined().trimmingEnd() }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
