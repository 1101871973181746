/// The registry of everything that can be asked and watched; the gateway mounts it on its transports.
public struct API: Sendable {
    public private(set) var endpoints: [RegisteredEndpoint] = []
    public private(set) var watchRules: [WatchRule] = []
    private var surface: Surface

    /// Starts with a surface; features registered next belong to it.
    public init(surface: Surface) {
        self.surface = surface
    }

    /// Registers every feature of a surface.
    public mutating func register(_ features: [any Feature], on surface: Surface) {
        self.surface = surface
        for feature in features { feature.register(on: &self) }
    }

    /// Opens a door: `handler` answers the endpoint's requests once they are decoded, validated and allowed.
    public mutating func expose<E: Endpoint>(
        _: E.Type, cache: ResponseCache? = nil, _ handler: @escaping @Sendable (E, CallContext) async throws -> E.Response
    ) {
        endpoints.append(RegisteredEndpoint(E.self, on: surface, cache: cache, handler))
    }

    /// Lets callers watch the channels `<prefix>:<id>` when `rule` says yes; ids that are not one stay unknown channels.
    public mutating func allowWatching(
        _ prefix: String, when rule: @escaping @Sendable (_ id: Int64, _ caller: SignedInCaller) async throws -> Bool
    ) {
        watchRules.append(WatchRule(prefix: prefix, isAllowed: rule))
    }
}

/// Who may watch one family of channels.
public struct WatchRule: Sendable {
    /// What stands before the last colon: `calendar:venue`.
    public let prefix: String
    public let isAllowed: @Sendable (_ id: Int64, _ caller: SignedInCaller) async throws -> Bool
}
