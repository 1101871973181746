import Core
import Foundation
import Storage

/// The key that signs access tokens. Whoever knows it can be anybody: it is never logged or printed.
public struct TokenSecret: Sendable {
    /// HS256 wants a key as long as its hash (RFC 7518, 3.2).
    public static let bytesMin = 32

    let bytes: [UInt8]

    /// A configured secret: at least ``bytesMin`` bytes of text.
    ///
    /// - Returns: nil for a shorter one.
    public init?(configured text: String) {
        guard text.utf8.count >= Self.bytesMin else { return nil }
        bytes = Array(text.utf8)
    }

    private init?(stored text: String) {
        guard let data = Data(base64Encoded: text), data.count >= Self.bytesMin else { return nil }
        bytes = Array(data)
    }

    /// The secret that the database keeps; made at the first call.
    ///
    /// - Throws: ``StorageError``; ``TokenSecretError/damaged`` when the stored one can't be read.
    public static func load(_ database: Database) async throws -> TokenSecret {
        let context = CallContext(caller: .anonymous, transport: .system, requestID: "token-secret")
        let text = try await database.writeUnrecorded(by: context) { tx -> String in
            // Servers that start together must not make two.
            try tx.lock(name: settingKey)
            if let stored = try tx.setting(settingKey) { return stored }
            let fresh = Data(tx.randomBytes(bytesMin)).base64EncodedString()
            try tx.storeSetting(settingKey, fresh)
            return fresh
        }
        guard let secret = TokenSecret(stored: text) else { throw TokenSecretError.damaged }
        return secret
    }

    private static let settingKey = "token.secret"
}

/// Why the server can't sign tokens.
public enum TokenSecretError: Error {
    /// The setting `token.secret` holds something else.
    case damaged
}
