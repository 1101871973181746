import HTTPTypes

/// Which web pages of other origins may read answers (the Fetch standard's CORS protocol). None, unless configured.
struct CrossOrigin: Sendable {
    private let allowed: Set<String>
    private let isOpen: Bool

    /// - Parameter origins: as browsers send them (`https://club.example`); `*` lets every page in, which is safe here because nothing
    ///   is decided by cookies.
    init(origins: [String]) {
        allowed = Set(origins)
        isOpen = origins.contains("*")
    }

    /// Tells the browser that the page may read this answer, when it may.
    func admit(_ request: HTTPFields, to reply: inout Reply) {
        guard !allowed.isEmpty, let origin = request[.origin] else { return }
        reply.add(.vary, "Origin")
        guard isOpen || allowed.contains(origin) else { return }
        reply.add(.accessControlAllowOrigin, origin)
        reply.add(
            .accessControlExposeHeaders,
            "Location, Retry-After, X-Request-ID, Idempotent-Replayed, Deprecation, Link, WWW-Authenticate, ETag, Preference-Applied"
        )
    }

    /// The answer to OPTIONS: the methods of the path, and the permission that a page asks for before it sends the real request.
    func preflight(_ request: HTTPFields, allowed methods: [HTTPRequest.Method]) -> Reply {
        var reply = Reply(status: .noContent)
        let list = methods.map(\.rawValue).joined(separator: ", ")
        reply.add(.allow, list)
        if let origin = request[.origin], isOpen || allowed.contains(origin), request[.accessControlRequestMethod] != nil {
            reply.add(.accessControlAllowMethods, list)
            reply.add(.accessControlAllowHeaders, "Authorization, Content-Type, Idempotency-Key, X-Request-ID, If-Match, Prefer")
            reply.add(.accessControlMaxAge, "300")
        }
        return reply
    }
}
