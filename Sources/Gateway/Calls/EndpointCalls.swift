import Core
import Foundation
import Logging
import Wire

/// Answers the rpc of live connections and of the server API with the endpoints that HTTP has, by the same rules: who may call, what is valid, which key was
/// used already, what is logged.
public struct EndpointCalls: EndpointCaller {
    private let routes: [String: Route]
    private let authenticator: any Authenticator
    private let transport: CallContext.Transport
    private let requestBytesMax: Int
    private let time: any TimeSource
    private let requestIDs = RequestIDs()
    private let log: CallLog

    /// - Parameters:
    ///   - transport: by what way the calls come.
    ///   - requestBytesMax: of JSON in one request; a larger one is answered as a body that is too large.
    public init(
        api: API, authenticator: any Authenticator, transport: CallContext.Transport = .webSocket,
        requestBytesMax: Int = GatewayConfiguration().bodyBytesMax, time: any TimeSource, logger: Logger
    ) {
        let canonical = api.endpoints.map { endpoint in
            (endpoint.operation.id, Route(endpoint.operation.method, endpoint.operation.path, .endpoint(endpoint)))
        }
        routes = Dictionary(canonical) { first, _ in first }
        self.authenticator = authenticator
        self.transport = transport
        self.requestBytesMax = requestBytesMax
        self.time = time
        log = CallLog(logger: logger)
    }

    public func call(_ caller: SignedInCaller, method: String, data: RawJSON?) async throws(ProtocolError) -> RawJSON {
        guard let route = routes[method], case .endpoint(let endpoint) = route.target else { throw .methodNotFound }
        guard let request = CallRequest(data) else { throw .badRequest }
        let start = ContinuousClock.now
        let requestID = requestIDs.id(proposed: nil)
        let answer: CallAnswer
        do {
            answer = try await self.answer(request, endpoint, route.pattern, caller, requestID)
        } catch {
            log.failed(method, requestID: requestID, error)
            throw .internalError
        }
        log.answered(method, requestID: requestID, caller, status: answer.status, took: .now - start)
        return answer.json
    }

    private func answer(
        _ request: CallRequest, _ endpoint: RegisteredEndpoint, _ pattern: PathPattern, _ caller: SignedInCaller, _ requestID: String
    ) async throws -> CallAnswer {
        do {
            // A connection may outlive its token for a while, so that it can be refreshed. What may be done in its name does not.
            guard caller.expiresAt > time.now else { throw AuthenticationError.expired }
            try authenticator.confirm(caller)
            guard request.bytesCount <= requestBytesMax else { throw RequestError.bodyTooLarge }
            let details = CallDetails(
                caller: .user(caller), transport: transport, requestID: requestID, idempotencyKey: request.idempotencyKey,
                // Failed sign-ins are counted by address; here they are by the one who tries.
                remoteAddress: "user:\(caller.userID)"
            )
            return CallAnswer(try await endpoint.call(request.input(for: endpoint.operation, pattern), details))
        } catch let error as any DomainError {
            return try CallAnswer(Problem(error, requestID: requestID, on: endpoint.surface))
        } catch {
            log.failed(endpoint.operation.id, requestID: requestID, error)
            return try CallAnswer(.internalError(requestID: requestID))
        }
    }
}
