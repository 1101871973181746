/// The registry of everything that can be asked and watched; the gateway mounts it on its transports.
public struct API: Sendable {
    public private(set) var endpoints: [RegisteredEndpoint] = []
    public private(set) var watchRules: [WatchRule] = []
    private var surface: Surface
    private var mounts: [Mount]

    /// Starts with a surface; features registered next belong to it.
    public init(surface: Surface) {
        self.surface = surface
        mounts = [Mount(surface)]
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

extension API {
    /// The part that one listener serves, each surface below its path.
    ///
    /// - Parameter mounts: the first one's surface answers at paths that belong to none.
    public func serving(_ mounts: [Mount]) -> API {
        var api = self
        api.mounts = mounts
        api.endpoints = mounts.flatMap { mount in
            endpoints.filter { $0.surface.name == mount.surface.name }.map { $0.mounted(at: mount.base) }
        }
        return api
    }

    /// Whose shape a refusal has at a path, whether or not anything is there.
    public func surface(at path: String) -> Surface {
        mounts.filter { $0.holds(path) }.max { $0.base.utf8.count < $1.base.utf8.count }?.surface ?? mounts.first?.surface ?? surface
    }
}

/// Who may watch one family of channels.
public struct WatchRule: Sendable {
    /// What stands before the last colon: `calendar:venue`.
    public let prefix: String
    public let isAllowed: @Sendable (_ id: Int64, _ caller: SignedInCaller) async throws -> Bool
}
