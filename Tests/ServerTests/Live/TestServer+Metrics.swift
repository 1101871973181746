import Client
import Server
import ServerTesting

extension TestServer {
    /// The figures as they are now.
    func scrape() async throws -> Scrape {
        guard let scrape = Scrape(try await rest.get("/metrics").success().text) else { throw ClientError.unexpectedMessage }
        return scrape
    }

    /// How often a bound was hit.
    func hits(_ limit: String) async throws -> Double? {
        try await scrape().sum("ringside_limits_hit_total", where: ["limit": limit])
    }
}
