import Core
import HTTPTypes
import HummingbirdCore
import NIOCore
import Wire

/// An HTTP answer before the fields that every answer has.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    var fields: HTTPFields
    /// Nil where the status allows no body.
    var body: ByteBuffer?

    init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: ByteBuffer? = nil) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A JSON answer. Nothing on the way may keep it: most answers are meant for one person.
    init(status: HTTPResponse.Status, json: [UInt8]) {
        self.init(status: status, fields: Self.jsonFields, body: ByteBuffer(bytes: json))
    }

    init(problem: Problem) throws {
        self.init(
            status: HTTPResponse.Status(code: problem.status), fields: Self.problemFields,
            body: ByteBuffer(bytes: try JSONByteEncoder().encode(problem))
        )
    }

    mutating func add(_ name: HTTPField.Name, _ value: String) {
        fields.append(HTTPField(name: name, value: value))
    }

    private static let jsonFields: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
    private static let problemFields: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
}
