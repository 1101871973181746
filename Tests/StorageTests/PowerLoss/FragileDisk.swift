import Foundation
import SeededRandom
import Synchronization

/// The files of one directory on a machine whose power can be cut. Programs see what they have written; the real files hold what would be
/// found after a cut.
final class FragileDisk: Sendable {
    /// Whether a sync does what it says.
    enum Honesty {
        case honest
        /// A sync answers at once and does nothing, as with SQLite's `synchronous = OFF`.
        case lying
    }

    private struct State {
        var files: [String: VolatileFile] = [:]
        var operationsLeft: Int
        var generator: SplitMix64
        var isOff = false
    }

    struct PowerIsOff: Error {}

    private let directory: String
    private let honesty: Honesty
    private let state: Mutex<State>

    /// - Parameters:
    ///   - operations: after so many changes and syncs the power is cut.
    ///   - seed: decides what is found afterwards.
    init(_ directory: String, cutAfter operations: Int, honesty: Honesty, seed: UInt64) {
        self.directory = directory + "/"
        self.honesty = honesty
        state = Mutex(State(operationsLeft: operations, generator: SplitMix64(seed: seed)))
    }

    func holds(_ path: String) -> Bool { path.hasPrefix(directory) }

    /// The power goes, if it is still there.
    func cut() throws {
        try state.withLock { try Self.cut(&$0) }
    }

    func open(_ path: String) throws {
        try state.withLock { state in
            guard !state.isOff else { throw PowerIsOff() }
            guard state.files[path] == nil else { return }
            state.files[path] = VolatileFile(Array(FileManager.default.contents(atPath: path) ?? Data()))
        }
    }

    func size(of path: String) throws -> Int {
        try state.withLock { state in
            guard !state.isOff else { throw PowerIsOff() }
            return state.files[path]?.content.count ?? 0
        }
    }

    /// - Returns: how many bytes there were to copy.
    func read(_ path: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            guard !state.isOff else { throw PowerIsOff() }
            guard let content = state.files[path]?.content, offset < content.count else { return 0 }
            let bytes = content[offset..<min(offset + buffer.count, content.count)]
            buffer.copyBytes(from: bytes)
            return bytes.count
        }
    }

    func write(_ path: String, _ bytes: [UInt8], at offset: Int) throws {
        try operate { $0.files[path]?.write(bytes, at: offset) }
    }

    func truncate(_ path: String, to size: Int) throws {
        try operate { $0.files[path]?.truncate(to: size) }
    }

    func sync(_ path: String) throws {
        try operate { state in
            if honesty == .honest { state.files[path]?.sync() }
        }
    }

    /// The file system's own step, which is durable.
    func forget(_ path: String) throws {
        try operate { $0.files[path] = nil }
    }

    private func operate(_ change: (inout State) -> Void) throws {
        try state.withLock { state in
            guard !state.isOff else { throw PowerIsOff() }
            state.operationsLeft -= 1
            if state.operationsLeft <= 0 {
                try Self.cut(&state)
                throw PowerIsOff()
            }
            change(&state)
        }
    }

    /// One kind of loss for all files: the mixture of kinds is the seeds' affair.
    private static func cut(_ state: inout State) throws {
        guard !state.isOff else { return }
        state.isOff = true
        let loss = state.generator.pick(VolatileFile.Loss.allCases) ?? .everything
        for (path, file) in state.files.sorted(by: { $0.key < $1.key }) {
            try Data(file.afterPowerCut(loss, &state.generator)).write(to: URL(filePath: path))
        }
    }
}
