import Accounts
import Booking
import Core
import Gym
import Storage

extension Database {
    /// Opens the database with the tables of every domain.
    static func open(_ location: DatabaseLocation, time: any TimeSource, committed: any CommittedEvents) throws -> Database {
        switch location {
        case .sqlite(let path):
            try .open(
                sqlite: path, time: time, committed: committed,
                migrations: AccountMigrations.all + BookingMigrations.all + GymMigrations.all
            )
        }
    }
}
