import HTTPTypes
import NIOCore
import NIOHTTP1
import Realtime

/// The paths at which a streamed answer carries a live connection, and who may open one there.
struct StreamRoutes: Sendable {
    /// What becomes of a request.
    enum Decision {
        /// Not one of these: the HTTP router answers, if only that the method is wrong.
        case pass
        case refuse(HTTPResponseStatus, reason: String)
        /// - Parameter command: what the client says first, from the query; nil where the body has it.
        case open(StreamEndpoint, command: [UInt8]?)
    }

    let hub: Hub
    let streams = OpenStreams()
    let configuration: HTTPStreamConfiguration
    let responses: StreamResponses
    let trustedProxies: TrustedProxies
    private let origins: OriginPolicy
    private let carriesBytes: Bool
    private let refusals: Refusals

    /// - Parameters:
    ///   - allowedOrigins: Web pages of other hosts that may connect, see ``OriginPolicy``.
    ///   - trustedProxies: Whose word on a client's address is taken.
    ///   - carriesBytes: As for ``GatewayConfiguration``.
    ///   - refusals: Where those are counted who may not.
    init(
        hub: Hub, allowedOrigins: [String], trustedProxies: TrustedProxies = .nobody, date: DateField,
        configuration: HTTPStreamConfiguration = .init(), carriesBytes: Bool = false, refusals: Refusals = Refusals()
    ) {
        self.hub = hub
        self.trustedProxies = trustedProxies
        self.configuration = configuration
        responses = StreamResponses(crossOrigin: CrossOrigin(origins: allowedOrigins), date: date)
        origins = OriginPolicy(allowed: allowedOrigins)
        self.carriesBytes = carriesBytes
        self.refusals = refusals
        hub.bus?.receiveCommands { [streams] commands, session in _ = streams.deliver(commands, to: session) }
    }

    /// Begins the path of every stream.
    static let prefix = "/connection/"

    private static let methods: [String: [HTTPMethod]] = [
        "/connection/sse": [.GET, .POST], "/connection/http_stream": [.POST],
        "/connection/uni_sse": [.GET, .POST], "/connection/uni_http_stream": [.POST],
    ]

    /// Whether the request is one for a stream, granted or not.
    func takes(_ head: HTTPRequestHead) -> Bool {
        if case .pass = resolve(head) { false } else { true }
    }

    /// Decides by the head alone. Called on the connection's event loop.
    func resolve(_ head: HTTPRequestHead) -> Decision {
        guard head.uri.hasPrefix(Self.prefix), let request = UpgradeRequest(head: head, remoteAddress: nil),
            Self.methods[request.path]?.contains(head.method) == true, let endpoint = endpoint(at: request.path, head.headers)
        else { return .pass }
        guard hub.acceptsConnections else {
            return .refuse(.serviceUnavailable, reason: "No more connections are accepted at the moment.")
        }
        guard origins.admits(head.headers) else {
            return .refuse(.forbidden, reason: "Pages of this origin may not connect.")
        }
        guard head.method == .GET else { return .open(endpoint, command: nil) }
        guard let command = request.query("cf_connect"), !command.isEmpty else {
            return .refuse(.badRequest, reason: "The query has no cf_connect.")
        }
        return .open(endpoint, command: Array(command.utf8))
    }

    /// Counts a refusal; apart from ``resolve(_:)``, which is asked twice for a connection's first request.
    func countRefusal(_ status: HTTPResponseStatus) {
        switch status {
        case .serviceUnavailable: refusals.count(hub.isDraining ? .draining : .full)
        case .forbidden: refusals.count(.origin)
        default: break
        }
    }

    private func endpoint(at path: String, _ headers: HTTPHeaders) -> StreamEndpoint? {
        switch path {
        case "/connection/sse": .events
        case "/connection/http_stream": !Self.speaksProtobuf(headers) ? .lines : carriesBytes ? .byteLengths : .lengths
        case "/connection/uni_sse": .unidirectionalEvents
        case "/connection/uni_http_stream": .unidirectionalLines
        default: nil
        }
    }

    private static func speaksProtobuf(_ headers: HTTPHeaders) -> Bool {
        headers.first(name: "content-type")?.lowercased().hasPrefix("application/octet-stream") == true
    }

    /// The same addresses for the HTTP router, which answers OPTIONS there and says which methods there are.
    var routes: [Route] {
        let emulation = Emulation(streams: streams, node: hub.settings.node, bus: hub.bus, requestBytesMax: configuration.requestBytesMax)
        let opened = Self.methods.sorted { $0.key < $1.key }.flatMap { path, methods in
            methods.map { Route($0 == .GET ? .get : .post, path, .stream) }
        }
        return opened + [Route(.post, "/emulation", .message { try await emulation.answer(contentType: $0, body: $1) }, isProbe: true)]
    }

    /// A new connection's own.
    ///
    /// - Parameter admission: Turns away whoever comes too often.
    func makeHandler(_ admission: Admission) -> StreamHandler { StreamHandler(routes: self, admission: admission) }
}
