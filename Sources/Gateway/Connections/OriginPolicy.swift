import NIOHTTP1

/// Which web pages may open a WebSocket. Browsers send a person's cookies and reach inside networks with every page, and ask nobody before
/// they open a WebSocket, so the server has to look at the `Origin` (RFC 6455, section 10.2). Other clients send none and are not held up.
struct OriginPolicy: Sendable {
    private let allowed: Set<String>

    /// - Parameter allowed: Origins such as `https://club.example`, or `*` for all. A page of the server's own host always may.
    init(allowed: [String]) {
        self.allowed = Set(allowed.map { $0.lowercased() })
    }

    func admits(_ headers: HTTPHeaders) -> Bool {
        let origins = headers["origin"]
        guard let origin = origins.first?.lowercased() else { return true }
        guard origins.count == 1 else { return false }
        return allowed.contains("*") || allowed.contains(origin) || isOwn(origin, headers)
    }

    /// The scheme is left out: behind a proxy that ends TLS the server can't know it.
    private func isOwn(_ origin: String, _ headers: HTTPHeaders) -> Bool {
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, !parts[2].isEmpty else { return false }
        return headers["host"].map { $0.lowercased() } == [String(parts[2])]
    }
}
