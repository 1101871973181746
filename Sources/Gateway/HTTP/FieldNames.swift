import HTTPTypes

extension HTTPField.Name {
    static let xRequestID = known("X-Request-ID")
    static let idempotencyKey = known("Idempotency-Key")
    static let idempotentReplayed = known("Idempotent-Replayed")
    /// RFC 9745.
    static let deprecation = known("Deprecation")
    /// RFC 8288.
    static let link = known("Link")

    /// RFC 7240.
    static let prefer = known("Prefer")
    static let preferenceApplied = known("Preference-Applied")

    /// RFC 7239.
    static let forwarded = known("Forwarded")
    static let xForwardedFor = known("X-Forwarded-For")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return name
    }
}
