/// Why a schema can't be brought up to date; the server does not start then.
public enum MigrationError: Error, Hashable {
    /// Two migrations of this program have one number.
    case duplicateNumber(Int)
    /// The database has a migration that this program does not know: it was served by a newer one.
    case databaseIsNewer(number: Int, name: String)
    /// The migration was applied under another name: it was edited, or two programs disagree.
    case nameChanged(number: Int, recorded: String, declared: String)
    /// A migration is new, but a later one of its block was applied already.
    case gap(number: Int)
}

/// Compares what the program declares with what the database records.
enum MigrationPlan {
    /// Numbers of one domain's block.
    static let blockSize = 10

    /// - Returns: what is left to apply, in order.
    /// - Throws: ``MigrationError``.
    static func pending(_ declared: [Migration], applied: [Int: String]) throws -> [Migration] {
        var byNumber: [Int: Migration] = [:]
        for migration in declared {
            guard byNumber.updateValue(migration, forKey: migration.number) == nil else {
                throw MigrationError.duplicateNumber(migration.number)
            }
        }
        for (number, name) in applied.sorted(by: { $0.key < $1.key }) {
            guard let migration = byNumber[number] else { throw MigrationError.databaseIsNewer(number: number, name: name) }
            guard migration.name == name else {
                throw MigrationError.nameChanged(number: number, recorded: name, declared: migration.name)
            }
        }
        let pending = declared.filter { applied[$0.number] == nil }.sorted { $0.number < $1.number }
        for migration in pending {
            let isOvertaken = applied.keys.contains { $0 > migration.number && $0 / blockSize == migration.number / blockSize }
            guard !isOvertaken else { throw MigrationError.gap(number: migration.number) }
        }
        return pending
    }
}
