import Crypto
import Foundation
import NIOHTTP1

/// The server's half of the opening handshake (RFC 6455, section 4.2).
enum Handshake {
    /// Why a handshake is refused.
    enum Refusal: Error, Equatable {
        case notGet
        case notHTTP11
        case hasBody
        case notConnectionUpgrade
        case unsupportedVersion
        case invalidKey
        case invalidExtensions

        var status: HTTPResponseStatus {
            self == .unsupportedVersion ? .upgradeRequired : .badRequest
        }

        var reason: String {
            switch self {
            case .notGet: "A WebSocket begins with GET."
            case .notHTTP11: "A WebSocket begins with HTTP/1.1."
            case .hasBody: "The handshake has no body."
            case .notConnectionUpgrade: "The Connection header must contain upgrade."
            case .unsupportedVersion: "Sec-WebSocket-Version must be 13."
            case .invalidKey: "Sec-WebSocket-Key must be 16 bytes in base64."
            case .invalidExtensions: "Sec-WebSocket-Extensions is malformed."
            }
        }
    }

    /// Whether a request asks for a WebSocket at all, however badly.
    static func isRequested(by head: HTTPRequestHead) -> Bool {
        contains("websocket", in: head.headers, named: "upgrade")
    }

    /// Checks the handshake. Returns the value of `Sec-WebSocket-Accept`.
    static func acceptKey(for head: HTTPRequestHead) throws(Refusal) -> String {
        guard head.method == .GET else { throw .notGet }
        guard head.version == .http1_1 else { throw .notHTTP11 }
        // The bytes behind the head are frames: a body would make it a matter of opinion where they begin.
        guard !head.headers.contains(name: "transfer-encoding"), head.headers["content-length"].allSatisfy({ $0 == "0" }) else {
            throw .hasBody
        }
        guard contains("upgrade", in: head.headers, named: "connection") else { throw .notConnectionUpgrade }
        guard head.headers["sec-websocket-version"] == ["13"] else { throw .unsupportedVersion }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, let key = keys.first, Data(base64Encoded: key)?.count == 16 else { throw .invalidKey }
        return acceptKey(for: key)
    }

    /// What is agreed on about compression; nil when the client offers none that can be granted.
    static func deflate(for head: HTTPRequestHead, _ configuration: WebSocketConfiguration) throws(Refusal) -> MessageDeflate? {
        do {
            let offers = try ExtensionOffer.read(head.headers["sec-websocket-extensions"])
            return configuration.deflates ? MessageDeflate.negotiate(offers) : nil
        } catch {
            throw .invalidExtensions
        }
    }

    /// RFC 6455, section 1.3: proves to the client that its request was understood, and nothing else.
    static func acceptKey(for key: String) -> String {
        let digest = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(digest).base64EncodedString()
    }

    private static func contains(_ token: String, in headers: HTTPHeaders, named name: String) -> Bool {
        headers[canonicalForm: name].contains { $0.lowercased() == token }
    }
}
