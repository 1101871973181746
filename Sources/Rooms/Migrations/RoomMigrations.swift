import Storage

/// The tables of the meeting rooms, in order.
public enum RoomMigrations {
    public static let all: [Migration] = [
        createRoom, createReservation, createSeries, createHold, addCheckIn, createInvitation, createFeed, createDisplay,
        addOwnTimes,
    ]
}
