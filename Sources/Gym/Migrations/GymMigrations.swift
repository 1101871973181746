import Storage

/// The tables of the gym, in order.
public enum GymMigrations {
    public static let all: [Migration] = [createSportVenue, createVenue, createTimeSlot, createReservation]
}
