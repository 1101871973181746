import Core
import Dispatch
import Synchronization

/// Hashes and checks passwords on threads of its own: a hash takes tenths of a second and tens of megabytes, which neither an event loop
/// nor the threads that all tasks share can spare.
///
/// At most `threads` hashes run and `waitingMax` more wait; the next is refused with `RequestError.overloaded`, so that a flood of sign-ins
/// costs a bounded share of the machine and nobody waits longer than the answer is worth.
public final class PasswordHasher: Sendable {
    /// The cost of new hashes; a stored hash is checked at its own.
    public let cost: PasswordCost
    private let randomBytes: @Sendable (_ count: Int) -> [UInt8]
    /// Serial, so each is one thread at most.
    private let queues: [DispatchQueue]
    /// For each queue, what runs or waits there.
    private let loads: Mutex<[Int]>
    private let loadMax: Int

    /// - Parameters:
    ///   - threads: hashes at a time; at least one.
    ///   - waitingMax: hashes that may wait.
    ///   - randomBytes: where salts come from.
    public init(
        cost: PasswordCost = .standard, threads: Int = 2, waitingMax: Int = 64,
        randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8] = PasswordHasher.systemBytes
    ) {
        precondition(threads > 0 && waitingMax >= 0, "a hasher needs a thread")
        self.cost = cost
        self.randomBytes = randomBytes
        queues = (0..<threads).map { DispatchQueue(label: "ringside.password-hasher.\($0)") }
        loads = Mutex(Array(repeating: 0, count: threads))
        loadMax = threads + waitingMax
    }

    /// A new hash with a salt of its own, as text.
    ///
    /// - Throws: `RequestError.overloaded`.
    func hash(_ password: String) async throws -> String {
        let salt = randomBytes(PasswordHash.saltBytes)
        return try await run { [cost] in try PasswordHash(of: password, salt: salt, cost: cost).text }
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the same time.
    ///
    /// - Throws: `RequestError.overloaded`.
    func verify(_ password: String, against stored: String?) async throws -> Bool {
        let hash = stored.flatMap(PasswordHash.init(text:)) ?? PasswordHash(matchingNothing: cost)
        return try await run { try hash.matches(password) }
    }

    /// A hash that is always the same for the same text and salt, and as hard to guess from as a password's.
    ///
    /// - Throws: `RequestError.overloaded`.
    func fingerprint(of text: String, salt: String) async throws -> String {
        try await run { [cost] in try PasswordHash(of: text, salt: Array(salt.utf8), cost: cost).text }
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let index = try takePlace()
        return try await withCheckedThrowingContinuation { continuation in
            queues[index].async { [self] in
                let result = Swift.Result(catching: work)
                loads.withLock { $0[index] -= 1 }
                continuation.resume(with: result)
            }
        }
    }

    /// The shortest queue.
    private func takePlace() throws -> Int {
        try loads.withLock { loads in
            guard loads.reduce(0, +) < loadMax, let index = loads.indices.min(by: { loads[$0] < loads[$1] }) else {
                throw RequestError.overloaded
            }
            loads[index] += 1
            return index
        }
    }

    /// From the operating system's generator.
    @Sendable
    public static func systemBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
