import NIOCore

@testable import Gateway

/// What happened to one delegate, for a test to wait for.
struct Journal: Sendable {
    enum Entry: Equatable, Sendable {
        case opened
        case text(String)
        case binary([UInt8])
        case closed(UInt16?)
        case note(String)
    }

    private let stream: AsyncStream<Entry>
    private let continuation: AsyncStream<Entry>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func write(_ entry: Entry) {
        continuation.yield(entry)
    }

    func next() async -> Entry? {
        for await entry in stream { return entry }
        return nil
    }

    /// Reads on until `entry` is found.
    func wait(for entry: Entry) async {
        while let next = await next(), next != entry {}
    }
}

/// A protocol made of two closures, as small as a test needs it.
final class ScriptedDelegate: WebSocketDelegate {
    private let journal: Journal
    private let onOpen: (WebSocket) -> Void
    private let onText: (WebSocket, String) -> Void
    private var socket: WebSocket?

    convenience init(_ journal: Journal, onOpen: @escaping (WebSocket) -> Void = { _ in }) {
        self.init(journal, onOpen: onOpen, onText: { _, _ in })
    }

    init(_ journal: Journal, onOpen: @escaping (WebSocket) -> Void = { _ in }, onText: @escaping (WebSocket, String) -> Void) {
        self.journal = journal
        self.onOpen = onOpen
        self.onText = onText
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        journal.write(.opened)
        onOpen(socket)
    }

    func received(_ message: WebSocketMessage) {
        switch message {
        case .text(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            journal.write(.text(text))
            if let socket { onText(socket, text) }
        case .binary(let bytes):
            journal.write(.binary(Array(bytes)))
        }
    }

    func closed(code: UInt16?, byPeer: Bool) {
        journal.write(.closed(code))
        socket = nil
    }
}
