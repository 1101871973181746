import Foundation
import NIOCore
import NIOHTTP1

/// A request to become a WebSocket, as whoever decides about it sees it. The path and the headers are the peer's: trust none of them.
struct UpgradeRequest: Sendable {
    let path: String
    let queryItems: [(name: String, value: String)]
    let headers: HTTPHeaders
    let remoteAddress: SocketAddress?

    /// Nil unless the target is in origin form (`/path?query`).
    init?(head: HTTPRequestHead, remoteAddress: SocketAddress?) {
        guard head.uri.hasPrefix("/") else { return nil }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = String(parts[0]).removingPercentEncoding else { return nil }
        self.path = path
        self.queryItems = parts.count == 2 ? Self.items(of: parts[1]) : []
        self.headers = head.headers
        self.remoteAddress = remoteAddress
    }

    /// The first query item of that name.
    func query(_ name: String) -> String? {
        queryItems.first { $0.name == name }?.value
    }

    /// What `Sec-WebSocket-Protocol` offers, in the client's order of preference.
    var subprotocols: [String] {
        headers[canonicalForm: "sec-websocket-protocol"].map { String($0) }
    }

    private static func items(of query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").compactMap { item in
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(sides[0]).removingPercentEncoding else { return nil }
            guard let value = (sides.count == 2 ? String(sides[1]) : "").removingPercentEncoding else { return nil }
            return (name, value)
        }
    }
}
