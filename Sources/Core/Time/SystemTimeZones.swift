import Foundation
import Synchronization
import Wire

/// Time zones as Foundation knows them.
public final class SystemTimeZones: TimeZones {
    /// There are some 600 zones; a name that is none is not remembered.
    private let zones = Mutex<[String: TimeZone]>([:])

    public init() {}

    public func contains(_ zone: String) -> Bool { (try? find(zone)) != nil }

    public func instant(of date: LocalDate, _ time: LocalTime, in zone: String) throws -> Instant {
        let zone = try find(zone)
        let wall = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.minuteOfDay) * 60
        // An instant that shows this wall time lies within a day of it; of those that do, the first is meant.
        let offsets = [-86_400, 86_400].map { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(wall + $0)))) }
        let candidates = Set(offsets).map { wall - $0 }.filter { candidate in
            candidate + Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(candidate)))) == wall
        }
        guard let first = candidates.min() else { throw LocalTimeError.gap }
        return Instant(microseconds: first * 1_000_000)
    }

    public func date(of instant: Instant, in zone: String) throws -> LocalDate {
        let seconds = (instant.microseconds / 1_000_000) + Int64(try find(zone).secondsFromGMT(for: instant.date))
        return LocalDate(daysSinceEpoch: Int((seconds >= 0 ? seconds : seconds - 86_399) / 86_400))
    }

    private func find(_ name: String) throws -> TimeZone {
        if let known = zones.withLock({ $0[name] }) { return known }
        // Foundation also reads abbreviations such as `EST`, whose meaning is anybody's guess; an IANA name has a slash or is UTC.
        guard name.contains("/") || name == "UTC", name.utf8.count <= 64, let zone = TimeZone(identifier: name) else {
            throw LocalTimeError.unknownZone
        }
        zones.withLock { $0[name] = zone }
        return zone
    }
}
