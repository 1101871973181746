import Foundation
import Synchronization

/// Shows how far each stage is, on standard error: a bar that moves on a terminal, a line for each step elsewhere.
final class ProgressBar: Sendable {
    private struct Shown {
        var stage = ""
        var step = -1
    }

    private static let width = 40
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let lines: Int
    private let shown = Mutex(Shown())

    private init(lines: Int) {
        self.lines = lines
    }

    /// Shows a bar for as long as some work takes.
    ///
    /// - Parameter lines: how many a stage has where there is no terminal.
    static func during<Result>(lines: Int = 4, _ work: (ProgressBar) async throws -> Result) async throws -> Result {
        let bar = ProgressBar(lines: lines)
        defer { bar.end() }
        return try await work(bar)
    }

    func show(_ stage: String, _ done: Int, of total: Int) {
        let steps = isTerminal ? 100 : lines
        let step = total > 0 ? done * steps / total : steps
        shown.withLock { shown in
            if shown.stage != stage {
                if isTerminal, !shown.stage.isEmpty { write("\n") }
                shown = Shown(stage: stage)
            }
            guard step > shown.step else { return }
            shown.step = step
            write(line(stage, done, of: total))
        }
    }

    /// Leaves the terminal on a line of its own.
    func end() {
        if isTerminal { write("\n") }
    }

    private func line(_ stage: String, _ done: Int, of total: Int) -> String {
        let name = stage.padding(toLength: 12, withPad: " ", startingAt: 0)
        guard isTerminal else { return "\(name) \(done) of \(total)\n" }
        let filled = total > 0 ? done * Self.width / total : Self.width
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
        return "\r\(name) [\(bar)] \(done) of \(total)"
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
