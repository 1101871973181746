import Core
import Storage

extension Server {
    /// Brings a database up to date without serving it.
    ///
    /// - Throws: `StorageError` while another process has it open.
    public static func migrate(_ location: DatabaseLocation) async throws {
        let database = try Database.open(location, time: SystemTime(), committed: EventOutlet())
        await database.close()
    }
}
