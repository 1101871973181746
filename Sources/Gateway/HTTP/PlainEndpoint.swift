import Foundation
import HTTPTypes
import NIOCore

/// An address that answers bytes with bytes: for an API whose form somebody else has fixed, errors included.
public struct PlainEndpoint: Sendable {
    /// With parameters in braces: `/api/{method}`.
    public let path: String
    public let method: HTTPRequest.Method
    /// Asked before the body is read: an answer instead of going on, nil for somebody who is welcome.
    public let refusal: @Sendable (HTTPFields) async -> PlainAnswer?
    /// Answers a request with its whole body, which is bounded like every other one.
    public let answer: @Sendable (PlainRequest) async -> PlainAnswer

    public init(
        _ method: HTTPRequest.Method, _ path: String, refusal: @escaping @Sendable (HTTPFields) async -> PlainAnswer?,
        answer: @escaping @Sendable (PlainRequest) async -> PlainAnswer
    ) {
        self.path = path
        self.method = method
        self.refusal = refusal
        self.answer = answer
    }
}

/// What a ``PlainEndpoint`` is asked.
public struct PlainRequest: Sendable {
    /// Of the path, decoded.
    public let parameters: [String: String]
    public let fields: HTTPFields
    public let body: Data
}

/// What it answers.
public struct PlainAnswer: Sendable {
    public let status: HTTPResponse.Status
    /// Beside those that every answer has.
    public let fields: HTTPFields
    /// Nil for no body.
    public let body: [UInt8]?

    /// An answer that says itself what it is and who may keep it.
    public init(_ status: HTTPResponse.Status, fields: HTTPFields, body: [UInt8]? = nil) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// - Parameter json: nil for no body.
    public init(_ status: HTTPResponse.Status, json: [UInt8]? = nil) {
        let fields: HTTPFields = json == nil ? [.cacheControl: "no-store"] : [.contentType: "application/json", .cacheControl: "no-store"]
        self.init(status, fields: fields, body: json)
    }

    var reply: Reply { Reply(status: status, fields: fields, body: body.map { ByteBuffer(bytes: $0) }) }
}
