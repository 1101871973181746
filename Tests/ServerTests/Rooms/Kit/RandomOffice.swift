import Client
import Rooms
import SeededRandom
import ServerTesting
import Synchronization
import Testing

/// An office whose employees and administrators do random things at the same time. What each of them tries depends on the seed alone; what
/// comes of it depends on who is first.
final class RandomOffice: Sendable {
    private struct State {
        var reservations: [(id: Int64, owner: Int)] = []
        var statuses: [Int: Int] = [:]
    }

    private static let answers: Set<Int> = [200, 201, 204, 404, 409]

    let employees: [TestUser]
    let rooms: [Room]
    private let admin: TestUser
    private let state = Mutex(State())

    init(on server: TestServer, employees count: Int) async throws {
        admin = server.admin
        employees = try await server.crowd(count)
        var rooms: [Room] = []
        for number in 1...3 { rooms.append(try await server.room("Room \(number)")) }
        self.rooms = rooms
    }

    /// How often each status has come.
    var statuses: [Int: Int] { state.withLock(\.statuses) }

    /// One thing in every room and for everybody that succeeds whatever the random operations came to, so that each has news. Once.
    func touchEverybody() async throws {
        for room in rooms { try await admin.meet("PATCH", "/rooms/\(room.id)", #"{"status":"available","isActive":true}"#).success() }
        for (index, employee) in employees.enumerated() {
            for room in rooms {
                let hour = 10 + index
                try await employee.book(room.id, "2026-07-20T\(hour):00:00Z", "2026-07-20T\(hour):30:00Z").success()
            }
        }
    }

    /// Lets several clients act at the same time.
    func stir(clients: Int = 4, operations: Int, seed: UInt64) async throws {
        try await atOnce(clients: clients, seed: seed) { [self] dice in
            for _ in 0..<operations { try await act(&dice) }
        }
    }

    private func act(_ dice: inout SplitMix64) async throws {
        let answer =
            switch Int.random(in: 0..<100, using: &dice) {
            case 0..<50: try await reserve(&dice)
            case 50..<80: try await change(&dice)
            case 80..<86: try await cancel(&dice)
            case 86..<90: try await changeSeries(&dice)
            case 90..<95: try await hold(&dice)
            default: try await changeRoom(&dice)
            }
        guard let answer, !answer.isCatchingUp else { return }
        state.withLock { $0.statuses[answer.status, default: 0] += 1 }
        #expect(Self.answers.contains(answer.status), "\(answer.text)")
    }

    private func reserve(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let owner = Int.random(in: employees.indices, using: &dice)
        let room = rooms[Int.random(in: rooms.indices, using: &dice)].id
        let (start, end) = times(&dice)
        let more = Bool.random(using: &dice) ? #","isPrivate":true"# : ""
        let answer = try await employees[owner].book(room, start, end, title: "Talk \(start)", more: more)
        if answer.status == 201 {
            let id = try answer.payload(ReservedRoom.self).id.rawValue
            state.withLock { $0.reservations.append((id, owner)) }
        }
        return answer
    }

    private func change(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let (start, end) = times(&dice)
        let what = Int.random(in: 0..<4, using: &dice)
        guard let chosen = anyReservation(&dice) else { return nil }
        let body =
            switch what {
            case 0: #"{"title":"Another"}"#
            case 1: #"{"isPrivate":\#(start < "2026-07-03")}"#
            case 2: #"{"description":"Bring \#(end)"}"#
            default: #"{"startTime":"\#(start)","endTime":"\#(end)"}"#
            }
        return try await employees[chosen.owner].meet("PATCH", "/reservations/\(chosen.id)", body)
    }

    private func cancel(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        guard let chosen = anyReservation(&dice) else { return nil }
        return try await employees[chosen.owner].meet("DELETE", "/reservations/\(chosen.id)")
    }

    /// Three days in a row, as far as they are free; or something else with a series that there is.
    private func changeSeries(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let owner = employees[Int.random(in: employees.indices, using: &dice)]
        let room = rooms[Int.random(in: rooms.indices, using: &dice)].id
        let (hour, what) = (Int.random(in: 6..<20, using: &dice), Int.random(in: 0..<4, using: &dice))
        guard what > 0, let series = try await owner.meet("GET", "/series").payload([RoomSeries].self).randomElement(using: &dice) else {
            let mode = Bool.random(using: &dice) ? "skip" : "all"
            return try await owner.repeating(
                room, "FREQ=DAILY;COUNT=3", start: "2026-07-02T\(Self.padded(hour)):00:00", more: #","mode":"\#(mode)""#)
        }
        let from = #""from":"\#(series.startTime.advanced(bySeconds: 86_400))","#
        switch what {
        case 1: return try await owner.meet("DELETE", "/series/\(series.id)")
        case 2: return try await owner.meet("PATCH", "/series/\(series.id)", #"{"time":"\#(Self.padded(hour)):30","mode":"skip"}"#)
        default:
            let cut = #"{\#(from)"title":"Cut","durationMinutes":45,"mode":"skip"}"#
            let answer = try await owner.meet("PATCH", "/series/\(series.id)", cut)
            // It may have no second date any more.
            return answer.status == 400 ? nil : answer
        }
    }

    private func hold(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let holder = employees[Int.random(in: employees.indices, using: &dice)]
        let room = rooms[Int.random(in: rooms.indices, using: &dice)].id
        let (start, end) = times(&dice)
        let what = Int.random(in: 0..<3, using: &dice)
        if what > 0, let hold = try await holder.meet("GET", "/holds").payload(OwnHolds.self).holds.first {
            return what == 1
                ? try await holder.meet("DELETE", "/holds/\(hold.id)")
                : try await holder.meet("POST", "/holds/\(hold.id)/confirmation", #"{"title":"Held"}"#)
        }
        return try await holder.meet("POST", "/holds", #"{"roomId":\#(room),"startTime":"\#(start)","endTime":"\#(end)"}"#)
    }

    private func changeRoom(_ dice: inout SplitMix64) async throws -> RESTResponse? {
        let status = ["available", "available", "available", "maintenance", "disabled"].randomElement(using: &dice) ?? "available"
        let room = rooms[Int.random(in: rooms.indices, using: &dice)].id
        return try await admin.meet("PATCH", "/rooms/\(room)/status", #"{"status":"\#(status)"}"#)
    }

    private func times(_ dice: inout SplitMix64) -> (start: String, end: String) {
        // Some lie before the week that is looked at, some across its ends.
        let day = Int.random(in: 28...37, using: &dice)
        let minute = Int.random(in: 0..<20, using: &dice) * 60 + Int.random(in: 0..<4, using: &dice) * 15
        let length = Int.random(in: 1...12, using: &dice) * 15
        return (Self.instant(day, minute), Self.instant(day, minute + length))
    }

    /// Days count on from the first of June.
    private static func instant(_ day: Int, _ minute: Int) -> String {
        let date = day > 30 ? "2026-07-\(padded(day - 30))" : "2026-06-\(padded(day))"
        return "\(date)T\(padded(minute / 60)):\(padded(minute % 60)):00Z"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func anyReservation(_ dice: inout SplitMix64) -> (id: Int64, owner: Int)? {
        let choice = UInt64.random(in: .min ... .max, using: &dice)
        return state.withLock { state in
            state.reservations.isEmpty ? nil : state.reservations[Int(choice % UInt64(state.reservations.count))]
        }
    }
}
