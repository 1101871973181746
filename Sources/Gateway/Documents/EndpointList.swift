import Core

/// The list of all addresses, kept next to the code so that a change of the public face shows in a review.
public enum EndpointList {
    /// One line per method and path, `METHOD path  operation.id  access`, sorted by path; aliases end in `deprecated`.
    public static func text(of api: API) -> String {
        let lines = Route.routes(of: api).compactMap { route -> (path: String, method: String, line: String)? in
            guard case .endpoint(let endpoint) = route.target else { return nil }
            let path = route.pattern.description
            let method = route.method.rawValue
            let operation = endpoint.operation
            let mark = route.successor == nil ? "" : "  deprecated"
            return (path, method, "\(method) \(path)  \(operation.id)  \(operation.access.rawValue)\(mark)")
        }
        return lines.sorted { ($0.path, $0.method) < ($1.path, $1.method) }.map { $0.line + "\n" }.joined()
    }
}
