import Foundation
import NIOCore
import NIOHTTP1

/// The answers to an upgrade, as bytes: the connection has no HTTP encoder yet, and after a 101 it never needs one.
enum UpgradeResponse {
    /// - Parameter subprotocol: Without line breaks: it must be a token that the client offered.
    static func switchingProtocols(acceptKey: String, subprotocol: String?) -> ByteBuffer {
        var text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(acceptKey)\r\n"
        if let subprotocol {
            text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n"
        }
        return ByteBuffer(string: text + "\r\n")
    }

    /// A problem document (RFC 9457), after which the connection closes.
    static func refusal(_ status: HTTPResponseStatus, reason: String) -> ByteBuffer {
        let problem = Problem(type: "about:blank", title: status.reasonPhrase, status: Int(status.code), detail: reason)
        let body = (try? JSONEncoder().encode(problem)) ?? Data()
        var text = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\nContent-Type: application/problem+json\r\n"
        text += "Content-Length: \(body.count)\r\nConnection: close\r\n"
        switch status {
        case .upgradeRequired: text += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        case .unauthorized: text += "WWW-Authenticate: Bearer\r\n"
        default: break
        }
        var response = ByteBuffer(string: text + "\r\n")
        response.writeBytes(body)
        return response
    }

    private struct Problem: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
    }
}
