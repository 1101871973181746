import Foundation
import Wire

/// What the server answered, whatever the status.
public struct RESTResponse: Sendable {
    public let status: Int
    /// In the order they came; a name may repeat.
    public let headers: [(String, String)]
    public let body: [UInt8]

    /// The first value of a header, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.0.lowercased() == name.lowercased() }?.1
    }

    /// The body as text, for people and tests.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// - Throws: `DecodingError`.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }

    /// What went wrong, where the answer says so.
    public var problem: Problem? {
        guard status >= 400 else { return nil }
        let document = try? decode(Problem.Document.self)
        return Problem(status: status, code: document?.code, detail: document?.detail, errors: document?.errors ?? [])
    }

    /// The answer itself if it is one of success.
    ///
    /// - Throws: ``Problem``.
    @discardableResult
    public func success() throws -> RESTResponse {
        if let problem { throw problem }
        return self
    }
}

/// A refusal as the server described it (RFC 9457 with a stable `code` and pointers to the fields).
public struct Problem: Error, Hashable, Sendable {
    public struct FieldError: Codable, Hashable, Sendable {
        /// JSON Pointer (RFC 6901).
        public let pointer: String
        public let code: String?
        public let detail: String?
    }

    public let status: Int
    /// Nil where the answer was no problem document.
    public let code: String?
    public let detail: String?
    public let errors: [FieldError]

    struct Document: Decodable {
        let code: String?
        let detail: String?
        let errors: [FieldError]?
    }
}
