import Foundation

/// A directory of one test; outlives a server, so that another one can open the same database.
public struct TestDirectory: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "ringside-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    public var databaseURL: String { "sqlite://\(url.appending(path: "test.sqlite").path)" }

    public func remove() {
        try? FileManager.default.removeItem(at: url)
    }
}
