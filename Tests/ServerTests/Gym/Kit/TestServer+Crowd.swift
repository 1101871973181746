import ServerTesting

extension TestServer {
    /// Passwords are hashed a few at a time and a longer queue is refused, so no more than this many sign up at once.
    private static let signUpsMax = 16

    /// Registers many and signs them in, in the order of their names' numbers.
    func crowd(_ count: Int, named prefix: String = "member") async throws -> [TestUser] {
        try await withThrowingTaskGroup(of: (Int, TestUser).self) { group in
            var members: [Int: TestUser] = [:]
            for index in 0..<count {
                if index >= Self.signUpsMax, let (done, member) = try await group.next() { members[done] = member }
                group.addTask { (index, try await member("\(prefix)\(index)")) }
            }
            for try await (index, member) in group { members[index] = member }
            return members.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
