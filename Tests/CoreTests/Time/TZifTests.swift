import Foundation
import SeededRandom
import Testing
import Wire

@testable import Core

@Suite struct TZifTests {
    @Test func `a file of version 1 is read from its 32-bit times`() throws {
        let file = SketchedFile(times: [100, 200], kinds: [1, 0])
        let rules = try TZif.parse(file.block(version: 0, timeBytes: 4))
        #expect([99, 100, 199, 200].map { rules.offset(atSecond: $0).abbreviation } == ["STD", "DST", "DST", "STD"])
        #expect(rules.nextChange(afterSecond: 200) == nil)
    }

    @Test(arguments: [UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4")])
    func `of later versions the 64-bit times and the footer count`(version: UInt8) throws {
        let old = SketchedFile(times: [5], kinds: [1])
        let new = SketchedFile(times: [-5_000_000_000], kinds: [1])
        let rules = try TZif.parse(
            old.block(version: version, timeBytes: 4) + new.block(version: version, timeBytes: 8)
                + Array("\nSTD-1DST,M3.5.0,M10.5.0/3\n".utf8)
        )
        #expect(rules.offset(atSecond: -5_000_000_001).abbreviation == "STD")
        // In July and in December of 2026, long after the table.
        #expect(rules.offset(atSecond: 1_783_900_800).abbreviation == "DST")
        #expect(rules.offset(atSecond: 1_796_688_000).abbreviation == "STD")
    }

    @Test func `an entry that changes nothing but says when the footer begins is no change`() throws {
        // Standard time, an entry at 2027 that repeats it, and a footer that had been wrong before.
        let file = SketchedFile(times: [0, 100, 1_798_761_600], kinds: [1, 0, 0])
        let rules = try TZif.parse(
            file.block(version: 50, timeBytes: 4) + file.block(version: 50, timeBytes: 8) + Array("\nSTD-1DST,M3.5.0,M10.5.0/3\n".utf8))
        #expect(rules.nextChange(afterSecond: 100)?.second == 1_806_195_600)
        #expect(rules.lastChange(through: Instant(microseconds: 1_800_000_000_000_000))?.second == 100)
        #expect(rules.annualSince == 1_806_195_600)
        #expect(rules.offset(atSecond: 1_783_900_800).abbreviation == "STD")
    }

    @Test func `what the format does not allow is refused with the reason`() {
        let sketch = SketchedFile(times: [100, 200], kinds: [1, 0])
        var leaping = sketch
        leaping.leapSeconds = 1
        var crowded = sketch
        crowded.nameBytes = UInt32.max
        let wrong: [(TZifError, [UInt8])] = [
            (.notTZif, Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 60)),
            (.truncated, []), (.truncated, Array("TZif2".utf8)),
            (.tooLarge, [UInt8](repeating: 0, count: TZif.fileBytesMax + 1)),
            (.leapSeconds, leaping.block(version: 0, timeBytes: 4) + [UInt8](repeating: 0, count: 8)),
            (.truncated, crowded.block(version: 0, timeBytes: 4)),
            (
                .timeOutOfRange,
                sketch.block(version: 50, timeBytes: 4) + SketchedFile(times: [.min], kinds: [1]).block(version: 50, timeBytes: 8)
            ),
            (.timesDoNotAscend, SketchedFile(times: [200, 200], kinds: [1, 0]).block(version: 0, timeBytes: 4)),
            (.indexOutOfRange, SketchedFile(times: [100], kinds: [2]).block(version: 0, timeBytes: 4)),
            (.offsetOutOfRange, SketchedFile(times: [], kinds: [], offset: 93_600).block(version: 0, timeBytes: 4)),
            (.malformedName, SketchedFile(times: [], kinds: [], names: "S,D\0DST\0").block(version: 0, timeBytes: 4)),
            (.indexOutOfRange, SketchedFile(times: [], kinds: [], names: "STD\0DST!").block(version: 0, timeBytes: 4)),
        ]
        for (error, bytes) in wrong { #expect(throws: error) { try TZif.parse(bytes) } }
    }

    @Test(
        arguments: [
            "ST-1", "STD", "STD25", "STD-1DST", "STD-1DST,M3.5.0", "STD-1DST,M13.5.0,M10.5.0", "STD-1DST,M3.6.0,M10.5.0",
            "STD-1DST,M3.5.7,M10.5.0", "STD-1DST,M3.5.0/168,M10.5.0", "STD-1DST,J0,J365", "STD-1DST,366,1", "STD-1:60", "<+1-1",
            "STD-1DST,M3.5.0,M10.5.0,", "STD-1 ", "STD99999999999999999999", "STD-", ":Europe/Berlin",
        ])
    func `a footer that is no time zone of POSIX is refused`(footer: String) {
        #expect(throws: TZifError.malformedFooter) { try PosixZoneReader.parse(Array(footer.utf8)[...]) }
    }

    @Test func `footers may name days of the year and times beyond a day`() throws {
        // The 29th of February is not counted by J60, and counted by 59.
        for (rule, year, instant) in [
            ("J60/0", 2028, "2028-03-01T00:00:00Z"), ("59/0", 2028, "2028-02-29T00:00:00Z"), ("59/0", 2027, "2027-03-01T00:00:00Z"),
            ("M3.4.4/26", 2026, "2026-03-27T02:00:00Z"), ("M3.5.0/-1", 2026, "2026-03-28T23:00:00Z"),
        ] {
            let clock = try #require(try PosixZoneReader.parse(Array("AAA0BBB,\(rule),J300".utf8)[...]))
            let new = try #require(LocalDate(year: year, month: 1, day: 2))
            let change = clock.nextChange(afterSecond: Int64(new.daysSinceEpoch) * 86_400)
            #expect(change.map { Instant(microseconds: $0.second * 1_000_000).rfc3339 } == instant, "\(rule)")
        }
    }

    @Test func `a daylight saving time that never ends does not flicker at new year`() throws {
        let clock = try #require(try PosixZoneReader.parse(Array("XXX3EDT4,0/0,J365/23".utf8)[...]))
        let year = try #require(LocalDate(year: 2027, month: 1, day: 1))
        for second in -100_000...100_000 where second % 500 == 0 {
            #expect(clock.offset(atSecond: Int64(year.daysSinceEpoch * 86_400 + second)).abbreviation == "EDT")
        }
    }

    @Test func `a file that is cut anywhere is refused, and one that is garbled is read or refused`() throws {
        let path = "\(TimeZoneDatabase.systemDirectory)/America/New_York"
        let file = Array(try Data(contentsOf: URL(filePath: path)))
        for length in 0..<file.count { #expect(throws: TZifError.self) { try TZif.parse(Array(file[..<length])) } }
        var random = SplitMix64(seed: 4)
        for _ in 0..<5_000 {
            var garbled = file
            for _ in 0...random.number(in: 0...4) { garbled[random.number(in: 0...file.count - 1)] = UInt8(random.number(in: 0...255)) }
            guard let rules = try? TZif.parse(garbled) else { continue }
            for second in [Int64.min / 4, -1, 0, 4_000_000_000, Int64.max / 4] { _ = rules.offset(atSecond: second) }
        }
    }
}

/// A block with two kinds of time, `STD` and `DST`, an hour apart.
private struct SketchedFile {
    var times: [Int64]
    var kinds: [UInt8]
    var offset: Int32 = 3_600
    var names = "STD\0DST\0"
    var leapSeconds: UInt32 = 0
    var nameBytes: UInt32?

    func block(version: UInt8, timeBytes: Int) -> [UInt8] {
        var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, leapSeconds, UInt32(times.count), 2, nameBytes ?? UInt32(names.utf8.count)] as [UInt32] {
            bytes += Self.bytes(count)
        }
        for time in times { bytes += timeBytes == 8 ? Self.bytes(time) : Self.bytes(Int32(truncatingIfNeeded: time)) }
        bytes += kinds
        bytes += Self.bytes(offset) + [0, 0]
        bytes += Self.bytes(Int32(7_200)) + [1, 4]
        return bytes + Array(names.utf8)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}
