import Synchronization
import Wire

/// What a service knows of the call it answers, whichever transport it came by.
public struct CallContext: Sendable {
    /// By what way the call came; the audit trail keeps it.
    public enum Transport: String, Sendable {
        case http
        case webSocket = "ws"
        case system
    }

    public let caller: Caller
    public let transport: Transport
    /// Follows the call through logs and the audit trail.
    public let requestID: String
    /// Present when the client asked that a repeat of this call change nothing more.
    public let idempotency: Idempotency?
    /// The version that the caller means to change, where he says.
    public let precondition: Precondition?
    /// The address the call came from, without the port; nil inside the server.
    public let remoteAddress: String?
    /// Set when the answer is a stored one.
    public let replay = ReplayMark()

    public init(
        caller: Caller, transport: Transport, requestID: String, idempotency: Idempotency? = nil, precondition: Precondition? = nil,
        remoteAddress: String? = nil
    ) {
        self.caller = caller
        self.transport = transport
        self.requestID = requestID
        self.idempotency = idempotency
        self.precondition = precondition
        self.remoteAddress = remoteAddress
    }
}

/// An idempotency key and what it was sent with (draft-ietf-httpapi-idempotency-key-header).
public struct Idempotency: Hashable, Sendable {
    /// The longest key that is accepted, in bytes.
    public static let keyBytesMax = 255

    public let key: String
    /// A hash over operation and request: the same key with another request is refused.
    public let fingerprint: String

    public init(key: String, fingerprint: String) {
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// Remembers that a call was answered from the idempotency store, so that the transport can say so.
public final class ReplayMark: Sendable {
    private let marked = Atomic<Bool>(false)

    public init() {}

    public var isReplay: Bool { marked.load(ordering: .relaxed) }

    /// Called by the transaction that finds a stored answer.
    public func mark() { marked.store(true, ordering: .relaxed) }
}
