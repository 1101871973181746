import Crypto

/// Names a session to those who know its secret already: the secret's SHA-256. It can't be turned back, as the secret has 128 random bits.
struct SessionProof: Codable, Hashable, Sendable {
    private let digest: [UInt8]

    init(_ secret: String) {
        digest = Array(SHA256.hash(data: Array(secret.utf8)))
    }
}
