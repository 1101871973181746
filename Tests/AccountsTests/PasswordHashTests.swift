import Core
import Testing

@testable import Accounts

@Suite struct PasswordHashTests {
    @Test func `a hash knows its password and no other`() throws {
        let hash = try hash(of: "Passw0rd!")
        #expect(try hash.matches("Passw0rd!"))
        #expect(try !hash.matches("passw0rd!"))
        #expect(try !hash.matches(""))
    }

    @Test func `the text form carries the cost`() throws {
        let text = try hash(of: "Passw0rd!").text
        #expect(text.hasPrefix("$scrypt$ln=4,r=8,p=1$AQEBAQEBAQEBAQEBAQEBAQ$"))
        let read = try #require(PasswordHash(text: text))
        #expect(read.cost == .minimal)
        #expect(try read.matches("Passw0rd!"))
    }

    @Test func `two spellings of one text are one password`() throws {
        #expect(try hash(of: "caf\u{E9} 1234").matches("cafe\u{301} 1234"))
    }

    @Test(arguments: [
        "", "x", "$scrypt$ln=4,r=8,p=1$$", "$scrypt$ln=40,r=8,p=1$AQEBAQEBAQEBAQEBAQEBAQ$AAAA", "$scrypt$ln=0,r=8,p=1$AA$AA",
        "$argon2id$v=19$m=1,t=1,p=1$AA$AA", "$scrypt$ln=4,r=8$AQEBAQEBAQEBAQEBAQEBAQ$AAAA",
    ])
    func `a text that is no hash of ours is none`(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test func `a hasher checks at the stored cost and refuses everybody without a hash`() async throws {
        let stored = try await PasswordHasher(cost: .minimal).hash("Passw0rd!")
        let hasher = PasswordHasher(cost: PasswordCost(rounds: 32, blockSize: 4, parallelism: 2))
        #expect(try await hasher.verify("Passw0rd!", against: stored))
        #expect(try await !hasher.verify("Passw0rd?", against: stored))
        #expect(try await !hasher.verify("Passw0rd!", against: nil))
    }

    @Test func `two hashes of one password differ`() async throws {
        let hasher = PasswordHasher(cost: .minimal)
        #expect(try await hasher.hash("Passw0rd!") != hasher.hash("Passw0rd!"))
    }

    @Test func `a hasher that is full refuses at once and then goes on`() async throws {
        let hasher = PasswordHasher(cost: PasswordCost(rounds: 1 << 12, blockSize: 8, parallelism: 1), threads: 1, waitingMax: 1)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    do {
                        return try await hasher.verify("Passw0rd!", against: nil)
                    } catch RequestError.overloaded {
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.count == 64)
        #expect(outcomes.contains(true))
        #expect(try await !hasher.verify("Passw0rd!", against: nil))
    }

    private func hash(of password: String) throws -> PasswordHash {
        try PasswordHash(of: password, salt: [UInt8](repeating: 1, count: PasswordHash.saltBytes), cost: .minimal)
    }
}
