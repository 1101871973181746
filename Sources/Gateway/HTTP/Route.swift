import Core
import Foundation
import HTTPTypes

/// What answers at one method and path.
struct Route: Sendable {
    /// Who answers.
    enum Target: Sendable {
        case endpoint(RegisteredEndpoint)
        /// Something of the server itself: the same for everybody.
        case page(@Sendable () throws -> Reply)
        /// Something of the server itself that takes a body of any type.
        case message(@Sendable (_ contentType: String?, _ body: Data) async throws -> Reply)
        /// An API of another form.
        case plain(PlainEndpoint)
        /// The server's figures.
        case metrics(MetricsPage)
        /// Answered before the router sees it, see ``StreamHandler``; it is here so that the table knows the address and its methods.
        case stream
    }

    let method: HTTPRequest.Method
    /// With parameters in braces, as the log and the API document show it.
    let pattern: PathPattern
    let target: Target
    /// The canonical path when this one is an alias of it.
    let successor: PathPattern?
    /// Probes ask every few seconds; their lines would drown the others.
    let isProbe: Bool

    init(
        _ method: HTTPRequest.Method, _ path: String, _ target: Target, successor: String? = nil, isProbe: Bool = false
    ) {
        self.method = method
        pattern = PathPattern(path)
        self.target = target
        self.successor = successor.map(PathPattern.init)
        self.isProbe = isProbe
    }

    /// Every address of every endpoint.
    static func routes(of api: API) -> [Route] {
        api.endpoints.flatMap { endpoint in
            let operation = endpoint.operation
            let path = endpoint.base + operation.path
            let canonical = Route(operation.method, path, .endpoint(endpoint))
            let aliases = operation.aliases.map {
                Route($0.method, endpoint.base + $0.path, .endpoint(endpoint), successor: path)
            }
            return [canonical] + aliases
        }
    }
}

/// A path with parameters: `/api/v1/venues/{venue_id}`.
struct PathPattern: Sendable, CustomStringConvertible {
    /// One part between slashes.
    enum Segment: Hashable, Sendable {
        case fixed(String)
        case parameter(String)
    }

    let description: String
    let segments: [Segment]

    init(_ path: String) {
        description = path
        segments = path.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? .parameter(String(part.dropFirst().dropLast())) : .fixed(String(part))
        }
    }

    /// The names in braces, in order.
    var parameters: [String] {
        segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    /// The path with values in place of the parameters; nil where one is missing.
    func filled(with values: [String: String]) -> String? {
        var path = ""
        for segment in segments {
            switch segment {
            case .fixed(let text): path += "/\(text)"
            case .parameter(let name):
                guard let value = values[name] else { return nil }
                path += "/\(PercentEncoding.encode(segment: value))"
            }
        }
        return path
    }
}
