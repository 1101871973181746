import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1

/// The heads of streamed answers, and the whole answer where there is to be no stream.
struct StreamResponses: Sendable {
    let crossOrigin: CrossOrigin
    let date: DateField

    /// The head of an answer whose body goes on until the connection ends.
    func beginning(_ request: HTTPRequestHead, contentType: String) -> HTTPResponseHead {
        var fields = HTTPHeaders([
            ("Content-Type", contentType),
            // Nothing on the way may keep it, hold it back or change it.
            ("Cache-Control", "private, no-cache, no-store, must-revalidate, max-age=0"),
            ("X-Accel-Buffering", "no"),
        ])
        if request.version == .http1_1 { fields.add(name: "Connection", value: "keep-alive") }
        return head(request, .ok, fields)
    }

    /// A problem (RFC 9457), after which the connection closes.
    func refusal(_ request: HTTPRequestHead, _ status: HTTPResponseStatus, reason: String) -> [HTTPServerResponsePart] {
        let body = UpgradeResponse.problem(status, reason: reason)
        var fields = HTTPHeaders([
            ("Content-Type", "application/problem+json"), ("Content-Length", "\(body.count)"), ("Cache-Control", "no-store"),
            ("Connection", "close"),
        ])
        if status == .serviceUnavailable { fields.add(name: "Retry-After", value: "\(UpgradeResponse.retryAfterSeconds)") }
        return [.head(head(request, status, fields)), .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil)]
    }

    private func head(_ request: HTTPRequestHead, _ status: HTTPResponseStatus, _ fields: HTTPHeaders) -> HTTPResponseHead {
        var fields = fields
        var admission = Reply(status: .ok)
        crossOrigin.admit(origin(of: request), to: &admission)
        for field in admission.fields { fields.add(name: field.name.rawName, value: field.value) }
        fields.add(name: "Date", value: date.text)
        fields.add(name: "Server", value: "Ringside")
        return HTTPResponseHead(version: request.version, status: status, headers: fields)
    }

    private func origin(of request: HTTPRequestHead) -> HTTPFields {
        request.headers.first(name: "origin").map { [.origin: $0] } ?? [:]
    }
}
