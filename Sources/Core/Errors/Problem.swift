import Wire

/// Problem details (RFC 9457): everything that may be told of a refusal. A surface may spell it otherwise, see ``Envelope``.
public struct Problem: Encodable, Sendable {
    public let title: String
    /// Of HTTP.
    public let status: Int
    public let detail: String
    /// Stable for ever, `feature.situation`.
    public let code: String
    public let requestID: String
    public let errors: [FieldFailure]
    public let conflicts: [ConflictDetail]
    public let retryAfterMilliseconds: Int?

    public init(
        code: String, title: String, status: Int, detail: String, requestID: String, errors: [FieldFailure] = [],
        conflicts: [ConflictDetail] = [], retryAfterMilliseconds: Int? = nil
    ) {
        self.title = title
        self.status = status
        self.detail = detail
        self.code = code
        self.requestID = requestID
        self.errors = errors
        self.conflicts = conflicts
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case type, title, status, detail, instance, code
        case requestID = "request_id"
        case errors, conflicts
        case retryAfterMilliseconds = "retryAfterMs"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("/problems/\(code)", forKey: .type)
        try container.encode(title, forKey: .title)
        try container.encode(status, forKey: .status)
        try container.encode(detail, forKey: .detail)
        try container.encode("urn:ringside:request:\(requestID)", forKey: .instance)
        try container.encode(code, forKey: .code)
        try container.encode(requestID, forKey: .requestID)
        if !errors.isEmpty { try container.encode(errors, forKey: .errors) }
        if !conflicts.isEmpty { try container.encode(conflicts, forKey: .conflicts) }
        try container.encodeIfPresent(retryAfterMilliseconds, forKey: .retryAfterMilliseconds)
    }
}
