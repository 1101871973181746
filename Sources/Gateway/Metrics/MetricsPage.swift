import HTTPTypes
import NIOCore
import NIOPosix

/// The figures of a server, for Prometheus.
struct MetricsPage: Sendable {
    let access: MetricsAccess
    let sources: [any MetricsSource]

    /// - Throws: ``MetricsError``.
    func answer(_ fields: HTTPFields, to address: SocketAddress?) async throws -> Reply {
        guard access.admits(fields, from: address) else { throw MetricsError.notLocal }
        var families: [MetricFamily] = []
        for source in sources { families += await source.families() }
        // Thousands of lines take milliseconds, which an event loop does not have.
        let body = try await NIOThreadPool.singleton.runIfActive { [families] in
            ByteBuffer(string: PrometheusText.render(MetricFamily.joined(families)))
        }
        return Reply(status: .ok, fields: [.contentType: PrometheusText.contentType, .cacheControl: "no-store"], body: body)
    }
}
