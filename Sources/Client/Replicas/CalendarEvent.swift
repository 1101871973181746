import Wire

/// Everything that `calendar:venue:<id>` can tell.
public enum CalendarEvent: Hashable, Sendable {
    case slotCreated(SlotCreated)
    case slotChanged(SlotChanged)
    case slotRemoved(SlotRemoved)
    case occupancyChanged(OccupancyChanged)
    case venueChanged(VenueChanged)
    case venueRemoved(VenueRemoved)
    /// Of a newer server; to be skipped.
    case unknown(type: String)
}

extension CalendarEvent: Decodable {
    private enum CodingKeys: String, CodingKey { case type, data }

    /// Reads an envelope, payload included, in one pass.
    public init(from decoder: any Decoder) throws {
        let envelope = try decoder.container(keyedBy: CodingKeys.self)
        func payload<Payload: Decodable>() throws -> Payload { try envelope.decode(Payload.self, forKey: .data) }
        self =
            switch try envelope.decode(String.self, forKey: .type) {
            case SlotCreated.type: .slotCreated(try payload())
            case SlotChanged.type: .slotChanged(try payload())
            case SlotRemoved.type: .slotRemoved(try payload())
            case OccupancyChanged.type: .occupancyChanged(try payload())
            case VenueChanged.type: .venueChanged(try payload())
            case VenueRemoved.type: .venueRemoved(try payload())
            case let type: .unknown(type: type)
            }
    }
}
