import Accounts
import Booking
import Core
import Gym
import Rooms
import Storage

extension Database {
    /// Opens the database with the tables of every domain.
    static func open(
        _ location: DatabaseLocation, time: any TimeSource, committed: any CommittedEvents,
        configuration: DatabaseConfiguration = DatabaseConfiguration()
    ) throws -> Database {
        switch location {
        case .sqlite(let path):
            try .open(
                sqlite: path, time: time, committed: committed, configuration: configuration,
                migrations: AccountMigrations.all + BookingMigrations.all + GymMigrations.all + RoomMigrations.all
            )
        }
    }
}
