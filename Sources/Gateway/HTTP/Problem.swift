import Core
import Wire

/// Problem details (RFC 9457), the body of every refusal.
struct Problem: Encodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let instance: String
    let code: String
    let requestID: String
    let errors: [FieldFailure]
    let conflicts: [ConflictDetail]
    let retryAfterMilliseconds: Int?

    /// A refusal that may be told.
    init(_ error: any DomainError, requestID: String) {
        let status = error.kind.status
        self.init(
            code: error.code, title: status.reasonPhrase, status: status.code, detail: error.detail, requestID: requestID,
            errors: error.failures, conflicts: error.conflicts, retryAfterMilliseconds: error.retryAfterMilliseconds
        )
    }

    /// What is told of an error that nobody foresaw: that there was one, and the id under which the log has the rest.
    static func internalError(requestID: String) -> Problem {
        Problem(
            code: "internal", title: "Internal Server Error", status: 500,
            detail: "The server failed at this request; the failure is logged under the request id.", requestID: requestID
        )
    }

    private init(
        code: String, title: String, status: Int, detail: String, requestID: String, errors: [FieldFailure] = [],
        conflicts: [ConflictDetail] = [], retryAfterMilliseconds: Int? = nil
    ) {
        type = "/problems/\(code)"
        self.title = title
        self.status = status
        self.detail = detail
        instance = "urn:ringside:request:\(requestID)"
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

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type, forKey: .type)
        try container.encode(title, forKey: .title)
        try container.encode(status, forKey: .status)
        try container.encode(detail, forKey: .detail)
        try container.encode(instance, forKey: .instance)
        try container.encode(code, forKey: .code)
        try container.encode(requestID, forKey: .requestID)
        if !errors.isEmpty { try container.encode(errors, forKey: .errors) }
        if !conflicts.isEmpty { try container.encode(conflicts, forKey: .conflicts) }
        try container.encodeIfPresent(retryAfterMilliseconds, forKey: .retryAfterMilliseconds)
    }
}
