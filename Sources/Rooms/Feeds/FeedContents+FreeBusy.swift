import ICalendar
import Wire

extension FeedContents {
    /// When there is no time, without a word of what for.
    var freeBusy: FreeBusyCalendar {
        var times: [FreeBusyCalendar.Kind: [Interval]] = [:]
        for entry in entries {
            switch entry.status {
            case .confirmed: times[.busy, default: []].append(entry.reservation.interval)
            case .tentative: times[.tentative, default: []].append(entry.reservation.interval)
            case .cancelled: break
            }
        }
        if case .room(let id) = subject, let room = rooms[id], !room.isBookable {
            // Nobody says beforehand until when.
            times[.unavailable] = [Interval(start: room.room.updatedAt.instant, end: interval.end)]
        }
        return FreeBusyCalendar(uid: "free-busy-\(subject.name)@ringside", changedAt: changedAt, interval: interval, times: times)
    }
}
