import Accounts
import Booking
import Core
import Gym
import Storage

extension Database {
    /// Tells what other servers have written; nil where there can't be any.
    func tail(at location: DatabaseLocation) -> (any LogTail)? {
        switch location {
        case .sqlite: nil
        }
    }

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
