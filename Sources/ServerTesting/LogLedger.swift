import Logging
import Synchronization

/// Keeps what a server logs, so that a test fails on an error that nobody expected and can look for what must not be told.
public final class LogLedger: Sendable {
    private let entries = Mutex<[(level: Logger.Level, text: String)]>([])

    public init() {}

    /// Every line, metadata included.
    public var lines: [String] { entries.withLock { $0.map(\.text) } }

    /// Lines that ask for somebody to look.
    public var errors: [String] { entries.withLock { $0.filter { $0.level >= .error }.map(\.text) } }

    /// A logger that writes here and nowhere else.
    public var logger: Logger {
        Logger(label: "test") { _ in Handler(ledger: self) }
    }

    private func note(_ level: Logger.Level, _ text: String) {
        entries.withLock { $0.append((level, text)) }
    }

    private struct Handler: LogHandler {
        let ledger: LogLedger
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            let pairs = all.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            ledger.note(event.level, "\(event.level) \(event.message) \(pairs)")
        }
    }
}
