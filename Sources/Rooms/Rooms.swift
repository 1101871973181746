import Accounts
import Booking
import Core
import Storage

/// The meeting rooms: their doors, wired to one database.
public struct Rooms: Sendable {
    /// `{data, status, timestamp}` around every answer.
    public static let surface = Surface(name: "rooms", envelope: RoomsEnvelope())

    /// Every feature, for registration on ``surface``.
    public let features: [any Feature]

    public init(database: Database, accounts: AccountService, timeZones: any TimeZones) {
        let occupancy = Occupancy()
        features = [
            PeopleFeature(service: PeopleService(accounts: accounts)),
            RoomFeature(service: RoomService(database: database, occupancy: occupancy, timeZones: timeZones)),
            ReservationFeature(service: ReservationService(database: database, occupancy: occupancy, timeZones: timeZones)),
            SeriesFeature(service: SeriesService(database: database, occupancy: occupancy, timeZones: timeZones)),
            HoldFeature(service: HoldService(database: database, occupancy: occupancy, timeZones: timeZones)),
            InvitationFeature(service: InvitationService(database: database, occupancy: occupancy, timeZones: timeZones)),
            FeedFeature(service: FeedService(database: database)),
            DisplayFeature(service: DisplayService(database: database)),
            CheckInFeature(service: CheckInService(database: database, occupancy: occupancy)),
            TimelineFeature(service: TimelineService(database: database, timeZones: timeZones)),
        ]
    }
}
