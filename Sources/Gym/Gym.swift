import Booking
import Core
import Storage

/// The company gym: its doors, wired to one database.
public struct Gym: Sendable {
    /// The gym answers bare values; errors are problem details.
    public static let surface = Surface(name: "gym")

    /// Every feature, for registration on ``surface``.
    public let features: [any Feature]
    /// Lists of venues as they were last answered; to be emptied when the catalogue changes.
    public let catalogueCache: ResponseCache

    /// - Parameter cachedAnswersMax: distinct lists that are kept encoded; zero for none.
    public init(database: Database, timeZones: any TimeZones, cachedAnswersMax: Int) {
        let occupancy = Occupancy()
        let windows = Windows(occupancy: occupancy)
        let cancellations = Cancellations(occupancy: occupancy)
        catalogueCache = ResponseCache(answersMax: cachedAnswersMax)
        features = [
            SportVenueFeature(service: SportVenueService(database: database)),
            VenueFeature(
                service: VenueService(
                    database: database, occupancy: occupancy, windows: windows, cancellations: cancellations, timeZones: timeZones
                ),
                listCache: catalogueCache
            ),
            TimeSlotFeature(
                service: TimeSlotService(
                    database: database, occupancy: occupancy, windows: windows, cancellations: cancellations, timeZones: timeZones
                )
            ),
            CalendarFeature(service: CalendarService(database: database, occupancy: occupancy, timeZones: timeZones)),
            ReservationFeature(service: ReservationService(database: database, occupancy: occupancy, cancellations: cancellations)),
        ]
    }
}
