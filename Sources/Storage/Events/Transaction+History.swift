extension Transaction {
    /// Removes what is kept of a channel. Its top stays, so that no offset is given out a second time; who resumes from before has to read a
    /// snapshot.
    ///
    /// - Throws: ``StorageError``.
    public func removeHistory(of channel: String) throws {
        try execute("DELETE FROM event WHERE channel_id = (SELECT id FROM channel WHERE name = \(channel))")
    }
}
