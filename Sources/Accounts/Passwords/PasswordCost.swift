/// How much work one guess at a password is (scrypt, RFC 7914). Memory is `128 * rounds * blockSize` bytes.
public struct PasswordCost: Hashable, Sendable {
    /// A power of two: `N`.
    public let rounds: Int
    public let blockSize: Int
    public let parallelism: Int

    /// - Precondition: `rounds` is a power of two from 2 to 2^20; `blockSize` and `parallelism` are from 1 to 16.
    public init(rounds: Int, blockSize: Int, parallelism: Int) {
        precondition(Self.isSound(rounds: rounds, blockSize: blockSize, parallelism: parallelism), "cost out of bounds")
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 32 MiB and some tenths of a second: OWASP's recommendation for scrypt (Password Storage Cheat Sheet).
    public static let standard = PasswordCost(rounds: 1 << 15, blockSize: 8, parallelism: 3)

    /// Next to no work: for generated accounts whose passwords are printed anyway, and for tests.
    public static let minimal = PasswordCost(rounds: 1 << 4, blockSize: 8, parallelism: 1)

    static func isSound(rounds: Int, blockSize: Int, parallelism: Int) -> Bool {
        (2...(1 << 20)).contains(rounds) && rounds.nonzeroBitCount == 1 && (1...16).contains(blockSize) && (1...16).contains(parallelism)
    }
}
