import Foundation
import NIOCore
import NIOHTTP1

/// The answers to an upgrade, as bytes: the connection has no HTTP encoder yet, and after a 101 it never needs one.
enum UpgradeResponse {
    /// - Parameter subprotocol: Without line breaks: it must be a token that the client offered.
    static func switchingProtocols(acceptKey: String, subprotocol: String?, deflate: MessageDeflate? = nil) -> ByteBuffer {
        var text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(acceptKey)\r\n"
        if let subprotocol {
            text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n"
        }
        if let deflate {
            text += "Sec-WebSocket-Extensions: \(deflate.answer)\r\n"
        }
        return ByteBuffer(string: text + "\r\n")
    }

    /// A problem document (RFC 9457), after which the connection closes.
    static func refusal(_ status: HTTPResponseStatus, reason: String) -> ByteBuffer {
        let body = problem(status, reason: reason)
        var text = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\nContent-Type: application/problem+json\r\n"
        text += "Content-Length: \(body.count)\r\nConnection: close\r\n"
        switch status {
        case .upgradeRequired: text += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        case .serviceUnavailable: text += "Retry-After: \(retryAfterSeconds)\r\n"
        case .unauthorized: text += "WWW-Authenticate: Bearer\r\n"
        default: break
        }
        var response = ByteBuffer(string: text + "\r\n")
        response.writeBytes(body)
        return response
    }

    /// The body of a refusal: a problem document (RFC 9457).
    static func problem(_ status: HTTPResponseStatus, reason: String) -> Data {
        let problem = Problem(type: "about:blank", title: status.reasonPhrase, status: Int(status.code), detail: reason)
        return (try? JSONEncoder().encode(problem)) ?? Data()
    }

    /// When to come back. Spread, or those who were refused together would come back together.
    static var retryAfterSeconds: Int { Int.random(in: 1...5) }

    private struct Problem: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
    }
}
