import HTTPTypes

/// Finds the route of a request. A fixed segment wins over a parameter; paths without parameters take one look into a dictionary.
struct RouteTable: Sendable {
    /// What a request leads to.
    enum Match {
        case route(Route, parameters: [String: String])
        /// The path is known, but not with this method.
        case methodNotAllowed([HTTPRequest.Method])
        case notFound
    }

    /// All routes of one path shape. There are few methods, so that a search beats a dictionary.
    private final class Node: Sendable {
        let routes: [Route]
        let fixed: [String: Node]
        let parameter: Node?

        init(_ routes: [(rest: ArraySlice<PathPattern.Segment>, route: Route)]) {
            self.routes = routes.filter(\.rest.isEmpty).map(\.route)
            var fixed: [String: [(ArraySlice<PathPattern.Segment>, Route)]] = [:]
            var parameter: [(ArraySlice<PathPattern.Segment>, Route)] = []
            for (rest, route) in routes {
                switch rest.first {
                case .fixed(let text): fixed[text, default: []].append((rest.dropFirst(), route))
                case .parameter: parameter.append((rest.dropFirst(), route))
                case nil: break
                }
            }
            self.fixed = fixed.mapValues { Node($0) }
            self.parameter = parameter.isEmpty ? nil : Node(parameter)
        }
    }

    private let root: Node
    private let exact: [String: Node]

    /// - Precondition: no two routes share method and path shape.
    init(_ routes: [Route]) {
        var seen: Set<[String]> = []
        for route in routes {
            let shape = route.pattern.segments.map { if case .fixed(let text) = $0 { text } else { "{}" } }
            precondition(seen.insert([route.method.rawValue] + shape).inserted, "two routes answer \(route.method) \(route.pattern)")
        }
        let root = Node(routes.map { ($0.pattern.segments[...], $0) })
        self.root = root
        exact = routes.reduce(into: [:]) { exact, route in
            guard route.pattern.parameters.isEmpty else { return }
            var node: Node? = root
            for case .fixed(let text) in route.pattern.segments { node = node?.fixed[text] }
            exact[route.pattern.description] = node
        }
    }

    /// - Parameter path: percent-encoded. One slash at its end makes no difference.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        if let node = exact[path] { return Self.match(method, node, []) }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if parts.last?.isEmpty == true { parts.removeLast() }
        var segments: [String] = []
        for part in parts {
            // A parameter may be empty nowhere, and what can't be decoded names nothing.
            guard !part.isEmpty, let segment = PercentEncoding.decode(part) else { return .notFound }
            segments.append(segment)
        }
        var values: [String] = []
        guard let node = Self.find(segments[...], from: root, &values) else { return .notFound }
        return Self.match(method, node, values)
    }

    private static func find(_ segments: ArraySlice<String>, from node: Node, _ values: inout [String]) -> Node? {
        guard let segment = segments.first else { return node.routes.isEmpty ? nil : node }
        if let next = node.fixed[segment], let found = find(segments.dropFirst(), from: next, &values) { return found }
        guard let next = node.parameter else { return nil }
        values.append(segment)
        if let found = find(segments.dropFirst(), from: next, &values) { return found }
        values.removeLast()
        return nil
    }

    private static func match(_ method: HTTPRequest.Method, _ node: Node, _ values: [String]) -> Match {
        // HEAD is GET without the body (RFC 9110, section 9.3.2).
        let wanted = method == .head ? .get : method
        guard let route = node.routes.first(where: { $0.method == wanted }) else {
            return .methodNotAllowed(allowed(node.routes.map(\.method)))
        }
        guard !values.isEmpty else { return .route(route, parameters: [:]) }
        return .route(route, parameters: Dictionary(zip(route.pattern.parameters, values)) { first, _ in first })
    }

    private static func allowed(_ methods: [HTTPRequest.Method]) -> [HTTPRequest.Method] {
        methods + (methods.contains(.get) ? [.head] : []) + [.options]
    }
}
