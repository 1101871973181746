import Storage

/// The tables of the booking core, in order.
public enum BookingMigrations {
    public static let all: [Migration] = [createResource, createTimeWindow, createOccupation, excludeOverlaps, labelOccupations]
}
