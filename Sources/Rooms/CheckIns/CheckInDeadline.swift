import Wire

/// Until when somebody has to check in, where the room asks for it.
enum CheckInDeadline {
    /// How long before the beginning one can check in, in minutes.
    static let earliestMinutes: Int64 = 15

    /// Nil where nobody has to: who reserves a room for now is there, and a meeting may be shorter than the time to come.
    static func of(_ interval: Interval, in room: RoomRow, at now: Instant) -> Instant? {
        guard room.checkInMinutes > 0, interval.start > now else { return nil }
        let deadline = interval.start.advanced(bySeconds: Int64(room.checkInMinutes) * 60)
        return deadline < interval.end ? deadline : nil
    }
}
