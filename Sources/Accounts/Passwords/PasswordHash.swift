import Crypto
import CryptoExtras
import Foundation

/// A password's scrypt hash with everything that checking one needs, so that the cost can be raised while old hashes still work.
///
/// As text: `$scrypt$ln=15,r=8,p=3$<salt>$<key>`, the PHC string format, both parts in base64 without padding.
struct PasswordHash {
    static let saltBytes = 16
    private static let keyBytes = 32

    let cost: PasswordCost
    private let salt: [UInt8]
    private let key: SymmetricKey

    /// Slow on purpose: only for the hasher's threads.
    init(of password: String, salt: [UInt8], cost: PasswordCost) throws {
        self.cost = cost
        self.salt = salt
        key = try Self.derive(password, salt: salt, cost: cost, bytes: Self.keyBytes)
    }

    /// A hash that no password has; checking against it takes as long as against any other of that cost.
    init(matchingNothing cost: PasswordCost) {
        self.cost = cost
        salt = Array(repeating: 0, count: Self.saltBytes)
        key = SymmetricKey(data: [UInt8](repeating: 0, count: Self.keyBytes))
    }

    /// Reads the text form; nil for anything that this type did not write.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let cost = PasswordCost(phcParameters: parts[2]),
            let salt = Data(unpaddedBase64: parts[3]), salt.count == Self.saltBytes,
            let key = Data(unpaddedBase64: parts[4]), key.count == Self.keyBytes
        else { return nil }
        self.cost = cost
        self.salt = Array(salt)
        self.key = SymmetricKey(data: key)
    }

    var text: String {
        let key = key.withUnsafeBytes { Data($0) }
        return "$scrypt$\(cost.phcParameters)$\(Data(salt).unpaddedBase64)$\(key.unpaddedBase64)"
    }

    /// Slow on purpose: only for the hasher's threads. The comparison takes the same time wherever the keys differ.
    func matches(_ password: String) throws -> Bool {
        try key == Self.derive(password, salt: salt, cost: cost, bytes: Self.keyBytes)
    }

    private static func derive(_ password: String, salt: [UInt8], cost: PasswordCost, bytes: Int) throws -> SymmetricKey {
        // One form for a text that keyboards may spell in several: é is one scalar here, two there (NIST SP 800-63B, 3.1.1.2).
        let passphrase = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: passphrase, salt: salt, outputByteCount: bytes, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
    }
}

extension PasswordCost {
    fileprivate var phcParameters: String { "ln=\(rounds.trailingZeroBitCount),r=\(blockSize),p=\(parallelism)" }

    fileprivate init?(phcParameters text: Substring) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = zip(fields, ["ln=", "r=", "p="]).compactMap { field, name in
            field.hasPrefix(name) ? Int(field.dropFirst(name.count)) : nil
        }
        guard fields.count == 3, numbers.count == 3, (1...20).contains(numbers[0]),
            Self.isSound(rounds: 1 << numbers[0], blockSize: numbers[1], parallelism: numbers[2])
        else { return nil }
        self.init(rounds: 1 << numbers[0], blockSize: numbers[1], parallelism: numbers[2])
    }
}

extension Data {
    fileprivate var unpaddedBase64: String { base64EncodedString().replacing("=", with: "") }

    fileprivate init?(unpaddedBase64 text: Substring) {
        self.init(base64Encoded: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
    }
}
