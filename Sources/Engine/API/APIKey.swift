import Crypto
import Foundation
import HTTPTypes

/// Opens the server API: `X-API-Key: <key>` or `Authorization: apikey <key>`.
public struct APIKey: Sendable {
    private let digest: SHA256Digest

    /// - Returns: nil for an empty text, which opens nothing.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        digest = SHA256.hash(data: Data(text.utf8))
    }

    /// Digests are compared in constant time, so that nobody can find the key one character after the other.
    public func opens(_ fields: HTTPFields) -> Bool {
        guard let text = Self.presented(by: fields) else { return false }
        return SHA256.hash(data: Data(text.utf8)) == digest
    }

    private static func presented(by fields: HTTPFields) -> String? {
        if let name = HTTPField.Name("X-API-Key"), let key = fields[name] { return key }
        guard let authorization = fields[.authorization] else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "apikey" ? String(parts[1]) : nil
    }
}
