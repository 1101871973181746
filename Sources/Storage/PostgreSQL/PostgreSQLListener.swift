import Foundation

/// Hears of the commits of other servers (`LISTEN`), where no bus tells of them. It only wakes: what has happened is read from the log.
final class PostgreSQLListener: Sendable {
    private let site: PostgreSQLSite
    private let notified: @Sendable () -> Void
    /// Ends the wait: a byte that comes out of one is put into the other.
    private let wake: (reading: Int32, writing: Int32)

    /// - Throws: ``StorageError/unavailable(_:)`` when the system has no pipe left.
    init(_ site: PostgreSQLSite, notified: @escaping @Sendable () -> Void) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw StorageError.unavailable("no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wake = (ends[0], ends[1])
        self.site = site
        self.notified = notified
    }

    deinit {
        close(wake.reading)
        close(wake.writing)
    }

    func stop() {
        var byte: UInt8 = 0
        _ = write(wake.writing, &byte, 1)
    }

    /// Returns when the engine stops.
    func serve() {
        var attempts = 0
        while !site.stop.isStopped {
            do {
                let session = try PostgreSQLSession(site.address, site.limits)
                try session.execute("LISTEN ringside")
                attempts = 0
                // What was said before the connection stood has gone unheard.
                notified()
                try listen(on: session)
            } catch {
                attempts += 1
                _ = site.stop.pause(for: .backOff(attempts, from: .milliseconds(50), to: .seconds(2)))
            }
        }
    }

    private func listen(on session: PostgreSQLSession) throws {
        while !site.stop.isStopped {
            var descriptors = [
                pollfd(fd: session.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, -1)
            if try session.takeNotifications() { notified() }
        }
    }
}
