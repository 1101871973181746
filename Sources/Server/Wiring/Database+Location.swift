import Accounts
import Booking
import Core
import Gym
import Storage

extension Database {
    /// The tables of every domain.
    static let domainMigrations = AccountMigrations.all + BookingMigrations.all + GymMigrations.all

    /// Opens the database with the tables of every domain.
    static func open(_ location: DatabaseLocation, time: any TimeSource, committed: any CommittedEvents) throws -> Database {
        switch location {
        case .sqlite(let path): try .open(sqlite: path, time: time, committed: committed, migrations: domainMigrations)
        }
    }
}
