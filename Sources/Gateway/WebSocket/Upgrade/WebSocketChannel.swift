import HummingbirdCore
import Logging
import NIOCore

/// A Hummingbird connection that may become a WebSocket: REST and WebSocket share one port, one listener and its event loops.
///
/// ```swift
/// Application(router: router, server: HTTPServerBuilder { WebSocketChannel(responder: $0, resolve: resolve) })
/// ```
struct WebSocketChannel: ServerChildChannel, HTTPChannelHandler {
    /// An accepted connection, not yet known to be anything.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let outcome: EventLoopFuture<UpgradeOutcome>
    }

    let responder: Responder
    private let http: HTTP1Channel
    private let configuration: WebSocketConfiguration
    private let resolve: UpgradeResolver
    private let connections: OpenConnections
    private let admission: Admission
    private let certificates: TLSCertificates?
    private let streams: StreamRoutes?

    /// - Parameters:
    ///   - http: How plain HTTP is served: idle timeout, header limits.
    ///   - connections: Where every connection is counted.
    ///   - admission: Turns away whoever comes too often.
    ///   - certificates: Encrypts every connection; nil for none.
    ///   - streams: Opens streamed answers; nil for none.
    ///   - resolve: Decides about every upgrade, by its path, token and origin.
    init(
        responder: @escaping Responder,
        http: HTTP1Channel.Configuration = .init(),
        configuration: WebSocketConfiguration = .init(),
        connections: OpenConnections = OpenConnections(),
        admission: Admission = Admission(.init()),
        certificates: TLSCertificates? = nil,
        streams: StreamRoutes? = nil,
        resolve: @escaping UpgradeResolver
    ) {
        self.responder = responder
        self.http = HTTP1Channel(responder: responder, configuration: http)
        var configuration = configuration
        if certificates != nil { configuration.sendsDirectly = false }
        self.configuration = configuration
        self.connections = connections
        self.admission = admission
        self.certificates = certificates
        self.streams = streams
        self.resolve = resolve
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            connections.add(channel)
            guard admission.admit(channel) else { return try turnAway(channel) }
            if let certificates {
                // Hummingbird lets a client end its sending half. Over TLS the handler would take the client's goodbye for no more than that,
                // also where it answers our own, and keep the connection until it has timed out.
                try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
                try channel.pipeline.syncOperations.addHandler(certificates.makeHandler())
            }
            // Every idle connection keeps one receive buffer, so it begins small; plain HTTP gets the adaptive one back.
            let allocator = FixedSizeRecvByteBufferAllocator(capacity: configuration.receiveBufferBytes)
            try channel.syncOptions?.setOption(.recvAllocator, value: allocator)
            let outcome = channel.eventLoop.makePromise(of: UpgradeOutcome.self)
            let handler = UpgradeHandler(
                resolve: resolve, admission: admission, streams: streams, http: http, configuration: configuration, logger: logger,
                outcome: outcome
            )
            do {
                try channel.pipeline.syncOperations.addHandler(handler)
            } catch {
                outcome.fail(error)
                throw error
            }
            return Value(channel: channel, outcome: outcome.futureResult)
        }
    }

    private func turnAway(_ channel: any Channel) throws -> Value {
        if certificates == nil {
            try channel.pipeline.syncOperations.addHandler(RefusalHandler())
        } else {
            // To be told it would need a handshake, which costs more than all the rest.
            channel.close(promise: nil)
        }
        return Value(channel: channel, outcome: channel.eventLoop.makeSucceededFuture(.settled))
    }

    /// Runs in the task that Hummingbird owns for the connection. For a WebSocket it ends at once: the connection lives on its loop.
    func handle(value: Value, logger: Logger) async {
        var outcome = try? await value.outcome.get()
        while case .undecided(let decide, let handler) = outcome {
            let decision = await decide()
            outcome = try? await handler.eventLoop.submit { handler.value.resume(with: decision) }.get()
        }
        if case .http(let channel) = outcome {
            await withTaskExecutorPreference(EventLoopExecutor(channel.channel.eventLoop)) {
                await handleHTTP(asyncChannel: channel, logger: logger)
            }
        }
    }
}
