import SeededRandom
import Testing
import Wire

@Suite struct FossilDeltaTests {
    private func delta(_ base: String, _ target: String) -> [UInt8]? { FossilDelta.encode(from: Array(base.utf8), to: Array(target.utf8)) }

    @Test func `a delta copies what the texts have in common`() throws {
        let base = "{\"name\":\"Court 1\",\"status\":\"open\",\"free\":12}"
        let target = "{\"name\":\"Court 1\",\"status\":\"open\",\"free\":7}"
        let delta = try #require(self.delta(base, target))
        #expect(String(decoding: delta, as: UTF8.self).hasPrefix("g\ne@0,2:7}"))
        #expect(delta.last == UInt8(ascii: ";"))
        #expect(try FossilDelta.apply(delta, to: Array(base.utf8)) == Array(target.utf8))
    }

    @Test func `a delta that is no shorter is none`() {
        #expect(delta("", "{}") == nil)
        #expect(delta("{}", "") == nil)
        #expect(delta("{}", "{}") == nil)
        #expect(delta("{\"a\":1}", "[\"something\",\"else\",\"entirely\"]") == nil)
    }

    @Test func `6,000 edits in many scripts are rebuilt, and no delta parts a code point`() throws {
        var edits = RandomEdits(seed: 41)
        var made = 0
        for _ in 0..<6_000 {
            let (base, target) = edits.next()
            guard let delta = self.delta(base, target) else { continue }
            made += 1
            #expect(delta.count < target.utf8.count)
            #expect(String(validating: delta, as: UTF8.self) != nil, "\(base) -> \(target)")
            #expect(try FossilDelta.apply(delta, to: Array(base.utf8)) == Array(target.utf8), "\(base) -> \(target)")
        }
        #expect(made > 3_000)
    }

    /// Every byte of these looks like the inside of a code point. The square of their length would be hours.
    @Test(.timeLimit(.minutes(1))) func `long runs that are no text take no longer than texts`() throws {
        func payload(_ first: UInt8) -> [UInt8] { [first] + Array(repeating: 0x80, count: 500_000) }
        let delta = try #require(FossilDelta.encode(from: payload(0x41), to: payload(0x42)))
        #expect(delta.count < 1_000)
        #expect(try FossilDelta.apply(delta, to: payload(0x41)) == payload(0x42))
    }

    @Test func `random bytes with common pieces are rebuilt`() throws {
        var generator = SplitMix64(seed: 42)
        var made = 0
        for _ in 0..<2_000 {
            let base = (0..<generator.number(in: 0...400)).map { _ in UInt8(generator.number(in: 0...3)) &* 85 }
            var target: [UInt8] = []
            for _ in 0..<generator.number(in: 0...6) {
                let start = generator.number(in: 0...base.count)
                target += base[start..<generator.number(in: start...base.count)]
                target += (0..<generator.number(in: 0...5)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            }
            guard let delta = FossilDelta.encode(from: base, to: target) else { continue }
            made += 1
            #expect(try FossilDelta.apply(delta, to: base) == target)
        }
        #expect(made > 1_000)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            [UInt8](repeating: 0, count: 1 << 17),
            (0..<1 << 17).map { UInt8(truncatingIfNeeded: $0 / 16 % 3) },
            (0..<1 << 17).map { UInt8(truncatingIfNeeded: $0 % 17) },
        ])
    func `texts that repeat themselves take no more time than others`(base: [UInt8]) throws {
        var target = base
        for place in stride(from: 7, to: target.count, by: 1_001) { target[place] ^= 0xFF }
        let delta = try #require(FossilDelta.encode(from: base, to: target))
        #expect(try FossilDelta.apply(delta, to: base) == target)
    }

    @Test func `what is not exactly a delta on that base is refused`() throws {
        let base = Array("{\"name\":\"Court 1\",\"status\":\"open\",\"free\":12}".utf8)
        let target = Array("{\"name\":\"Court 1\",\"status\":\"shut\",\"free\":12}".utf8)
        let delta = try #require(FossilDelta.encode(from: base, to: target))
        for length in 0..<delta.count { #expect(throws: DeltaError.self) { try FossilDelta.apply(Array(delta[..<length]), to: base) } }
        #expect(throws: DeltaError.otherBase) { try FossilDelta.apply(delta, to: Array(repeating: 0x20, count: base.count)) }
        #expect(throws: DeltaError.malformed) { try FossilDelta.apply(delta + [0x30], to: base) }
        for text in ["", "\n", "0", "0\n", "1\n0;", "0\n1;", "1\n1@99,0;", "1\n2:ab0;", "~~~~~~\n0;", "zzzzzzzz\n0;", "1\n1?a0;", "1\n1@0"]
        {
            #expect(throws: DeltaError.self, "\(text)") { try FossilDelta.apply(Array(text.utf8), to: base) }
        }
        #expect(try FossilDelta.apply(Array("0\n0;".utf8), to: base) == [])
        var generator = SplitMix64(seed: 43)
        for _ in 0..<20_000 {
            var broken = delta
            broken[generator.number(in: 0...broken.count - 1)] ^= 1 << UInt8(generator.number(in: 0...7))
            guard let text = try? FossilDelta.apply(broken, to: base) else { continue }
            // The sum of words is weak, but it does not let another text pass for a flipped bit.
            #expect(text == target)
        }
    }
}
