import Foundation

/// A request as a transport hands it over: parameters are texts, the body is JSON or absent.
public struct RequestInput: Sendable {
    /// Percent-decoded values of the path's parameters.
    public let path: [String: String]
    /// Percent-decoded query; the first of several values of one name counts.
    public let query: [String: String]
    /// A JSON object, or empty.
    public let body: Data

    public init(path: [String: String] = [:], query: [String: String] = [:], body: Data = Data()) {
        self.path = path
        self.query = query
        self.body = body
    }
}

extension Endpoint {
    /// Reads path, query and body as one value and checks it.
    ///
    /// - Throws: ``ValidationError`` that names the field, ``RequestError/malformedBody`` where no object can be read.
    public init(reading input: RequestInput) throws {
        self = try ParameterDecoder.decode(Self.self, from: input)
        var check = Validation()
        validate(&check)
        guard check.failures.isEmpty else {
            let isQuery = check.failures.allSatisfy { input.query[String($0.pointer.dropFirst())] != nil }
            throw ValidationError(check.failures, kind: isQuery ? .malformed : .invalid)
        }
    }
}
