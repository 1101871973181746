import Foundation
import Wire

extension ClubData {
    /// Why a directory is no club; lines count from 1, the header is the first.
    public enum Failure: Error, Hashable, Sendable {
        case badField(file: String, line: Int, column: String)
        case unknownFacility(booking: Int)
        case unknownMember(booking: Int)
        /// A booking that goes on after midnight has no slot: slots end on the day they begin.
        case pastMidnight(booking: Int)
    }

    /// Reads `facilities.csv`, `members.csv` and `bookings.csv` of a directory; other columns than those needed are left alone.
    ///
    /// - Throws: ``Failure``, ``CSV/Failure``, errors of the file system.
    public init(directory: String) throws {
        func table(_ file: String) throws -> Table {
            let url = URL(filePath: directory, directoryHint: .isDirectory).appending(path: file)
            return Table(file: file, csv: try CSV(String(contentsOf: url, encoding: .utf8)))
        }
        try self.init(facilities: table("facilities.csv"), members: table("members.csv"), bookings: table("bookings.csv"))
    }

    /// Reads the three tables from their texts.
    ///
    /// - Throws: ``Failure``, ``CSV/Failure``.
    public init(facilities: String, members: String, bookings: String) throws {
        try self.init(
            facilities: Table(file: "facilities.csv", csv: CSV(facilities)),
            members: Table(file: "members.csv", csv: CSV(members)),
            bookings: Table(file: "bookings.csv", csv: CSV(bookings))
        )
    }

    private init(facilities: Table, members: Table, bookings: Table) throws {
        let facilities = try facilities.map { row in Facility(id: try row("facid", as: Int.init), name: try row("name", as: \.self)) }
        let members = try members.map { row in
            Member(id: try row("memid", as: Int.init), firstName: try row("firstname", as: \.self), surname: try row("surname", as: \.self))
        }
        let facilityIDs = Set(facilities.map(\.id))
        let memberIDs = Set(members.map(\.id)).union([Self.guestID])
        let read = try bookings.map { row in
            let booking = try Booking(row)
            guard facilityIDs.contains(booking.facilityID) else { throw Failure.unknownFacility(booking: booking.id) }
            guard memberIDs.contains(booking.memberID) else { throw Failure.unknownMember(booking: booking.id) }
            return booking
        }
        self.init(facilities: facilities, members: members.filter { $0.id != Self.guestID }, bookings: read)
    }
}

extension ClubData.Booking {
    fileprivate init(_ row: Table.Row) throws {
        let id = try row("bookid", as: Int.init)
        let start: (date: LocalDate, time: LocalTime) = try row("starttime") { text in
            let parts = text.split(separator: " ")
            guard parts.count == 2, let date = LocalDate(String(parts[0])), let time = LocalTime(String(parts[1])) else { return nil }
            return (date, time)
        }
        let halfHours = try row("slots") { text in Int(text).flatMap { (1...48).contains($0) ? $0 : nil } }
        guard let endTime = LocalTime(minuteOfDay: start.time.minuteOfDay + halfHours * 30) else {
            throw ClubData.Failure.pastMidnight(booking: id)
        }
        self.init(
            id: id,
            facilityID: try row("facid", as: Int.init),
            memberID: try row("memid", as: Int.init),
            date: start.date,
            startTime: start.time,
            endTime: endTime
        )
    }
}

/// A CSV file whose fields are read with an error that says where they stand.
private struct Table {
    let file: String
    let csv: CSV

    struct Row {
        let table: Table
        let index: Int

        func callAsFunction<Value>(_ column: String, as read: (String) -> Value?) throws -> Value {
            guard let value = read(table.csv.rows[index][try table.csv.column(column)]) else {
                throw ClubData.Failure.badField(file: table.file, line: index + 2, column: column)
            }
            return value
        }
    }

    func map<Value>(_ read: (Row) throws -> Value) throws -> [Value] {
        try csv.rows.indices.map { try read(Row(table: self, index: $0)) }
    }
}
