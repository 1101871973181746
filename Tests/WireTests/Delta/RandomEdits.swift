import SeededRandom
import Wire

/// Random JSON texts in many scripts, and versions of them that were edited here and there.
struct RandomEdits {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    private static let alphabets: [[Character]] = [
        Array("абвгдежзийклмнопрстуфхцчшщъыьэюя "), Array("🥊🏊‍♀️🎾⚽️🏀👩‍👩‍👧‍👦🇨🇳"), Array("预约场馆时间段可用人数通知日本語テニスコート"),
        Array("abcdefghijklmnopqrstuvwxyz \"\\/\n"), Array("éüßñøåÆŒ"), Array("नमस्तेदुनिया"),
    ]

    /// A text and what became of it.
    mutating func next() -> (base: String, target: String) {
        var members = (0..<generator.number(in: 0...8)).map { (name: "m\($0)", value: text()) }
        let base = json(members)
        for _ in 0..<generator.number(in: 0...3) where !members.isEmpty {
            let index = generator.number(in: 0...members.count - 1)
            switch generator.number(in: 0...4) {
            case 0: members[index].value = text()
            case 1: members.remove(at: index)
            case 2: members.insert((name: "n\(index)", value: text()), at: index)
            case 3: members.swapAt(index, generator.number(in: 0...members.count - 1))
            default: members[index].value = edited(members[index].value)
            }
        }
        return (base, json(members))
    }

    private mutating func text() -> String {
        let alphabet = generator.pick(Self.alphabets) ?? ["a"]
        return String((0..<generator.number(in: 0...60)).map { _ in generator.pick(alphabet) ?? "a" })
    }

    /// One letter is another: the edit that parts code points.
    private mutating func edited(_ text: String) -> String {
        guard !text.isEmpty else { return "я" }
        var letters = Array(text)
        letters[generator.number(in: 0...letters.count - 1)] = generator.pick(Self.alphabets.flatMap { $0 }) ?? "a"
        return String(letters)
    }

    private func json(_ members: [(name: String, value: String)]) -> String {
        let parts = members.map { #""\#($0.name)":"# + ((try? RawJSON(encoding: $0.value))?.text ?? "null") }
        return "{" + parts.joined(separator: ",") + "}"
    }
}
