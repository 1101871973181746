import Crypto
import Foundation
import Wire

/// An endpoint without its type: what a transport needs to call it and a document needs to describe it.
public struct RegisteredEndpoint: Sendable {
    public let operation: Operation
    public let surface: Surface
    /// What stands before the operation's path at the listener that serves it.
    public private(set) var base = ""
    /// The shape of the request: path and query parameters and body members together.
    public let requestSchema: @Sendable () -> ObjectSchema
    /// The shape of the answer in its surface's envelope; nil when there is none (204).
    public let responseSchema: @Sendable () -> Schema?
    private let answer: @Sendable (RequestInput, CallDetails) async throws -> EndpointAnswer

    init<E: Endpoint>(
        _: E.Type, on surface: Surface, cache: ResponseCache?, _ handler: @escaping @Sendable (E, CallContext) async throws -> E.Response
    ) {
        let operation = E.operation
        self.operation = operation
        self.surface = surface
        requestSchema = { ObjectSchema(describingRequest: E.self) }
        responseSchema = { E.Response.self == NoContent.self ? nil : surface.envelope.schema(wrapping: E.Response.self) }
        answer = { input, details in
            try operation.admit(details.caller)
            let ticket = cache?.ticket(for: input)
            if let stored = ticket?.stored { return stored }
            let request = try E(reading: input)
            let context = try details.context(for: request)
            let response = try await handler(request, context)
            let answer = EndpointAnswer(
                status: operation.success.code,
                body: response is NoContent ? nil : try JSONByteEncoder().encode(response),
                location: (response as? any Located)?.resourcePath,
                next: (response as? any Continued)?.nextQuery,
                version: (response as? any Versioned)?.version,
                isReplay: context.replay.isReplay
            )
            ticket?.store(answer)
            return answer
        }
    }

    func mounted(at base: String) -> RegisteredEndpoint {
        var endpoint = self
        endpoint.base = base
        return endpoint
    }

    /// Decodes, checks and answers one request. Every transport comes through here.
    ///
    /// - Throws: a ``DomainError`` that the caller may read; anything else is an internal error.
    public func call(_ input: RequestInput, _ details: CallDetails) async throws -> EndpointAnswer {
        try await answer(input, details)
    }
}

extension Operation {
    /// - Throws: ``AccessError``.
    func admit(_ caller: Caller) throws {
        switch access {
        case .everyone: return
        case .signedIn: _ = try caller.signedIn()
        case .administrators: try caller.administrator()
        }
        guard try admitsGivenPassword || !caller.signedIn().mustChangePassword else { throw AccessError.mustChangePassword }
    }
}

/// An encoded answer, ready for a transport.
public struct EndpointAnswer: Sendable {
    public let status: Int
    /// JSON, not in the surface's envelope yet; nil when there is nothing to say.
    public let body: [UInt8]?
    /// Below the surface's path.
    public let location: String?
    /// The query that asks for what follows; nil where nothing does.
    public let next: String?
    public let version: Int64?
    /// Whether it was stored by an earlier call with the same idempotency key.
    public let isReplay: Bool
}

/// What a transport knows of a call before the request is decoded.
public struct CallDetails: Sendable {
    public let caller: Caller
    public let transport: CallContext.Transport
    public let requestID: String
    public let idempotencyKey: String?
    public let precondition: Precondition?
    public let remoteAddress: String?

    public init(
        caller: Caller, transport: CallContext.Transport, requestID: String, idempotencyKey: String? = nil,
        precondition: Precondition? = nil, remoteAddress: String? = nil
    ) {
        self.caller = caller
        self.transport = transport
        self.requestID = requestID
        self.idempotencyKey = idempotencyKey
        self.precondition = precondition
        self.remoteAddress = remoteAddress
    }

    /// The context of the typed request. The fingerprint is taken over the request as our encoder writes it, so it is the same whichever
    /// transport, white space or order of members it came with.
    ///
    /// - Throws: ``RequestError/malformedIdempotencyKey``.
    func context<E: Endpoint>(for request: E) throws -> CallContext {
        var idempotency: Idempotency?
        if let key = idempotencyKey, E.operation.isIdempotencyAware {
            guard (1...Idempotency.keyBytesMax).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) }) else {
                throw RequestError.malformedIdempotencyKey
            }
            var digest = SHA256()
            digest.update(data: Data(E.operation.id.utf8))
            digest.update(data: try JSONByteEncoder().encode(request))
            idempotency = Idempotency(key: key, fingerprint: Data(digest.finalize()).base64EncodedString())
        }
        return CallContext(
            caller: caller, transport: transport, requestID: requestID, idempotency: idempotency, precondition: precondition,
            remoteAddress: remoteAddress
        )
    }
}
