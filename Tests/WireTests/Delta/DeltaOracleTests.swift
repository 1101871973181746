import ForeignPrograms
import Foundation
import Testing
import Wire

/// Deltas, judged by an applier that was written in another language from the format's description.
@Suite struct DeltaOracleTests {
    @Test(.enabled(if: ForeignProgram.named("python3") != nil, "python3 is missing: scripts/setup.sh installs it"))
    func `3,000 deltas are what another applier understands`() throws {
        var edits = RandomEdits(seed: 61)
        var targets: [String] = []
        var input = ""
        while targets.count < 3_000 {
            let (base, target) = edits.next()
            guard let delta = FossilDelta.encode(from: Array(base.utf8), to: Array(target.utf8)) else { continue }
            targets.append(target)
            input += "\(Data(base.utf8).base64EncodedString()) \(Data(delta).base64EncodedString())\n"
        }
        let python = try #require(ForeignProgram.named("python3"))
        let output = try python.run(
            [Repository.file("scripts/apply-delta.py").path(percentEncoded: false), "--text"], input: Array(input.utf8))
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == targets.count)
        for (line, target) in zip(lines, targets) { #expect(line == Data(target.utf8).base64EncodedString(), "\(target)") }
    }
}
