import Accounts
import Booking
import Core
import Gym
import Rooms
import Storage

extension Database {
    /// Threads that read a database which has to be travelled to: each waits for its own answers.
    private static let travellingReaders = 4

    /// The tables of every domain.
    public static let domainMigrations = AccountMigrations.all + BookingMigrations.all + GymMigrations.all + RoomMigrations.all

    /// Opens the database with the tables of every domain.
    public static func open(
        _ location: DatabaseLocation, time: any TimeSource, committed: any CommittedEvents,
        configuration: DatabaseConfiguration = DatabaseConfiguration(), notified: (@Sendable () -> Void)? = nil
    ) throws -> Database {
        switch location {
        case .sqlite(let path):
            return try .open(sqlite: path, time: time, committed: committed, configuration: configuration, migrations: domainMigrations)
        case .postgreSQL(let address):
            var configuration = configuration
            configuration.readers = travellingReaders
            return try .open(
                postgreSQL: address, time: time, committed: committed, configuration: configuration, notified: notified,
                migrations: domainMigrations
            )
        }
    }
}
