import Core

extension Problem {
    /// A refusal that may be told, with the status that it has on a surface.
    init(_ error: any DomainError, requestID: String, on surface: Surface) {
        let status = surface.envelope.kind(of: error).status
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
}
