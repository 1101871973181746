/// One address of the gym's core flow: who may use it, what fits, and what does not.
struct Door: Sendable, CustomStringConvertible {
    enum Audience: Sendable {
        case everyone
        case members
        case administrators
    }

    let method: String
    /// With the names of a ``Stage``'s things in braces.
    let path: String
    let audience: Audience
    let status: Int
    var body: String?
    /// Bodies that can be read but break a rule, with the field that they break it in.
    var wrong: [String: String] = [:]
    /// The address that replaces this one.
    var successor: String?

    var description: String { "\(method) \(path)" }
    /// Whether it speaks of a thing that may not exist.
    var namesAThing: Bool { path.contains("{") }
}

extension Door {
    static let all = sportVenues + venues + slots + calendars + reservations

    static let sampleVenue = """
        {
            "name": "Gym A",
            "location": "Building 1",
            "capacity": 50,
            "status": "open",
            "notice": "Please wear sports shoes"
        }
        """

    static let sampleSlot = """
        {
            "date": "2023-07-10",
            "start_time": "10:00",
            "end_time": "12:00"
        }
        """

    private static let sportVenues = [
        Door(method: "GET", path: "/api/v1/sport-venues", audience: .everyone, status: 200),
        Door(
            method: "POST", path: "/api/v1/sport-venues", audience: .administrators, status: 201, body: #"{"name": "North"}"#,
            wrong: [#"{"location": "x"}"#: "/name", #"{"name": " "}"#: "/name", #"{"name": 7}"#: "/name"]
        ),
        Door(method: "GET", path: "/api/v1/sport-venues/{sport_venue}", audience: .everyone, status: 200),
        Door(
            method: "PUT", path: "/api/v1/sport-venues/{sport_venue}", audience: .administrators, status: 200, body: #"{"type": "hall"}"#,
            wrong: [#"{"name": ""}"#: "/name"]
        ),
        Door(method: "DELETE", path: "/api/v1/sport-venues/{sport_venue}", audience: .administrators, status: 204),
    ]

    private static let wrongVenues = [
        #"{"capacity": 0, "name": "x"}"#: "/capacity", #"{"capacity": 1000001, "name": "x"}"#: "/capacity",
        #"{"capacity": "many", "name": "x"}"#: "/capacity", #"{"capacity": 1, "name": ""}"#: "/name",
        #"{"capacity": 1, "name": "x", "status": "ajar"}"#: "/status",
        #"{"capacity": 1, "name": "x", "sport_venue_id": 999999}"#: "/sport_venue_id",
        #"{"capacity": 1, "name": "x", "opening_hours": [{"weekday": 8, "open": "09:00", "close": "10:00"}]}"#: "/opening_hours",
        #"{"capacity": 1, "name": "x", "opening_hours": [{"weekday": 800, "open": "09:00", "close": "10:00"}]}"#: "/opening_hours",
        #"{"capacity": 1, "name": "x", "opening_hours": [{"weekday": 1, "open": "10:00", "close": "10:00"}]}"#: "/opening_hours",
    ]

    private static let venues = ["/api/v1/venues", "/api/venues"].flatMap { root in
        let isAlias = root == "/api/venues"
        let successor = isAlias ? "/api/v1/venues" : nil
        let one = "\(root)/{venue}"
        let oneSuccessor = isAlias ? "/api/v1/venues/{venue}" : nil
        return [
            Door(method: "GET", path: root, audience: .everyone, status: 200, successor: successor),
            Door(
                method: "POST", path: root, audience: .administrators, status: 201, body: sampleVenue,
                wrong: wrongVenues.merging(
                    [
                        #"{"name": "x"}"#: "/capacity", #"{"capacity": 1}"#: "/name",
                        #"{"capacity": 1, "name": "x", "time_zone": "Mars/Olympus"}"#: "/time_zone",
                        #"{"capacity": 1, "name": "x", "parent_id": 999999}"#: "/parent_id",
                    ]
                ) { $1 }, successor: successor
            ),
            Door(method: "GET", path: one, audience: .everyone, status: 200, successor: oneSuccessor),
            Door(
                method: "PUT", path: one, audience: .administrators, status: 200, body: sampleVenue, wrong: wrongVenues,
                successor: oneSuccessor
            ),
            Door(method: "DELETE", path: one, audience: .administrators, status: 204, successor: oneSuccessor),
            Door(
                method: isAlias ? "PUT" : "PATCH", path: "\(one)/status", audience: .administrators, status: 200,
                body: #"{"status": "maintenance"}"#, wrong: [#"{"status": "ajar"}"#: "/status", "{}": "/status"],
                successor: isAlias ? "/api/v1/venues/{venue}/status" : nil
            ),
        ]
    }

    private static let wrongSlots = [
        #"{"date": "2026-02-30", "start_time": "10:00", "end_time": "11:00"}"#: "/date",
        #"{"date": "2026-08-01", "start_time": "10:61", "end_time": "11:00"}"#: "/start_time",
        #"{"date": "2026-08-01", "start_time": "11:00", "end_time": "11:00"}"#: "/end_time",
        #"{"date": "2026-08-01", "start_time": "11:00", "end_time": "10:00"}"#: "/end_time",
        #"{"date": "2026-08-01", "start_time": "10:00", "end_time": "11:00", "capacity": 0}"#: "/capacity",
        #"{"date": "2026-08-01", "start_time": "10:00", "end_time": "11:00", "capacity": 51}"#: "/capacity",
    ]

    private static let slots =
        ["/api/v1/venues/{venue}/reservation-time-slots", "/api/venues/{venue}/time-slots"].flatMap { root in
            let successor = root.hasPrefix("/api/venues") ? "/api/v1/venues/{venue}/reservation-time-slots" : nil
            let one = "\(root)/{slot}"
            let oneSuccessor = successor.map { "\($0)/{slot}" }
            return [
                Door(
                    method: "POST", path: root, audience: .administrators, status: 201, body: sampleSlot,
                    wrong: wrongSlots.merging([#"{"date": "2026-08-01", "start_time": "10:00"}"#: "/end_time"]) { $1 }, successor: successor
                ),
                Door(
                    method: "PUT", path: one, audience: .administrators, status: 200, body: #"{"end_time": "12:00"}"#, wrong: wrongSlots,
                    successor: oneSuccessor
                ),
                Door(method: "DELETE", path: one, audience: .administrators, status: 204, successor: oneSuccessor),
            ]
        } + [Door(method: "GET", path: "/api/v1/venues/{venue}/reservation-time-slots", audience: .everyone, status: 200)]

    private static let calendars = [
        Door(method: "GET", path: "/api/v1/venues/{venue}/calendar", audience: .everyone, status: 200),
        Door(
            method: "GET", path: "/api/venues/{venue}/calendar", audience: .everyone, status: 200,
            successor: "/api/v1/venues/{venue}/calendar"
        ),
        Door(
            method: "POST", path: "/api/v1/venues/{venue}/check-conflict", audience: .members, status: 200,
            body: #"{"date": "2024-07-01", "start_time": "09:00", "end_time": "10:00"}"#,
            wrong: [
                #"{"date": "2024-07-01", "start_time": "10:00", "end_time": "09:00"}"#: "/end_time",
                #"{"date": "tomorrow", "start_time": "09:00", "end_time": "10:00"}"#: "/date",
                #"{"start_time": "09:00", "end_time": "10:00"}"#: "/date",
            ]
        ),
    ]

    private static let wrongReservations = [
        "{}": "/time_slot_id", #"{"time_slot_id": 0}"#: "/time_slot_id", #"{"time_slot_id": "one"}"#: "/time_slot_id",
        #"{"time_slot_id": 1, "user_id": -1}"#: "/user_id",
    ]

    private static let reservations = [
        Door(
            method: "POST", path: "/api/v1/reservations", audience: .members, status: 201,
            body: #"{"user_id": {member}, "time_slot_id": {free_slot}}"#, wrong: wrongReservations
        ),
        Door(
            method: "POST", path: "/api/reservations", audience: .members, status: 201,
            body: #"{"user_id": {member}, "time_slot_id": {free_slot}}"#, wrong: wrongReservations
        ),
        Door(method: "GET", path: "/api/v1/reservations/{reservation}", audience: .members, status: 200),
        Door(
            method: "GET", path: "/api/reservations/{reservation}", audience: .members, status: 200,
            successor: "/api/v1/reservations/{reservation}"
        ),
        Door(method: "DELETE", path: "/api/v1/reservations/{reservation}", audience: .members, status: 204),
        Door(
            method: "DELETE", path: "/api/reservations/{reservation}", audience: .members, status: 204,
            successor: "/api/v1/reservations/{reservation}"
        ),
    ]
}
