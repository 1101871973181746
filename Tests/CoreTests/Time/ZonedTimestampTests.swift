import Core
import Foundation
import SeededRandom
import Testing
import Wire

@Suite struct ZonedTimestampTests {
    @Test func `a time is read with its zone, and tags that nobody needs are passed over`() throws {
        for (text, zone) in [
            ("2026-07-01T09:00:00+08:00", nil), ("2026-07-01T09:00:00+08:00[Asia/Shanghai]", .named("Asia/Shanghai")),
            ("2026-07-01T09:00:00+08:00[!Asia/Shanghai]", .named("Asia/Shanghai")),
            ("2026-07-01T09:00:00+08:00[Asia/Shanghai][u-ca=chinese][x_1=a-1-Bc]", .named("Asia/Shanghai")),
            ("2026-07-01T09:00:00+08:00[u-ca=chinese][u-ca=japanese]", nil), ("2026-07-01T09:00:00+08:00[+08:00]", .offset(28_800)),
            ("2026-07-01T01:00:00Z[Asia/Shanghai]", .named("Asia/Shanghai")), ("2026-07-01T01:00:00z[-03:30]", .offset(-12_600)),
            ("2026-06-30T21:30:00-03:30[America/St_Johns]", .named("America/St_Johns")),
            ("2026-07-01T01:00:00-00:00[Etc/GMT+8]", .named("Etc/GMT+8")),
        ] as [(String, ZonedTimestamp.Zone?)] {
            let time = try ZonedTimestamp(parsing: text)
            #expect(time.instant.rfc3339 == "2026-07-01T01:00:00Z" && time.zone == zone, "\(text)")
        }
    }

    @Test func `Z and a minus before zero say that the offset is not known`() throws {
        for (text, offset) in [("Z", nil), ("z", nil), ("-00:00", nil), ("+00:00", 0), ("-03:30", -12_600), ("+14:00", 50_400)] {
            #expect(try ZonedTimestamp(parsing: "2026-07-01T01:00:00\(text)").offset == offset)
        }
    }

    @Test(
        arguments: [
            "", "[", "]", "[]", "[Asia/Shanghai]", "2026-07-01T09:00:00", "2026-07-01T09:00:00[Asia/Shanghai]", "2026-07-01[UTC]",
            "2026-07-01T09:00:00Z[]", "2026-07-01T09:00:00Z[!]", "2026-07-01T09:00:00Z[UTC", "2026-07-01T09:00:00Z[UTC]]",
            "2026-07-01T09:00:00Z[[UTC]]", "2026-07-01T09:00:00Z[UTC]Z", "2026-07-01T09:00:00Z [UTC]", "2026-07-01T09:00:00Z[UTC] ",
            "2026-07-01T09:00:00Z[UTC][UTC]", "2026-07-01T09:00:00Z[u-ca=a][UTC]", "2026-07-01T09:00:00Z[!!UTC]",
            "2026-07-01T09:00:00Z[8]", "2026-07-01T09:00:00Z[+8]", "2026-07-01T09:00:00Z[+0800]", "2026-07-01T09:00:00Z[+24:00]",
            "2026-07-01T09:00:00Z[+08:60]", "2026-07-01T09:00:00Z[+08:00:00]", "2026-07-01T09:00:00Z[Asia Shanghai]",
            "2026-07-01T09:00:00Z[Asia/Shanghai\0]", "2026-07-01T09:00:00Z[\u{FF21}sia]", "2026-07-01T09:00:00Z[U-CA=a]",
            "2026-07-01T09:00:00Z[_foo=bar]", "2026-07-01T09:00:00Z[a=]", "2026-07-01T09:00:00Z[=a]", "2026-07-01T09:00:00Z[a=b-]",
            "2026-07-01T09:00:00Z[a=b=c]", "2026-07-01T09:00:00Z[a=b_c]", "2026-07-01T09:00:00Z[1a=b]", "2026-13-01T09:00:00Z[UTC]",
            "2026-07-01T09:00:00\u{301}Z[UTC]", "2026-07-01T09:00:00Z[\u{301}UTC]", "2026-07-01T09:00:00Z\u{FF3B}UTC]",
            "2026-07-01T09:00:00Z[" + String(repeating: "A", count: 300) + "]",
            "2026-07-01T09:00:00Z" + String(repeating: "[a=b]", count: 60),
            String(repeating: "[", count: 100_000),
        ]
    )
    func `what RFC 9557 does not allow is refused`(text: String) {
        #expect(throws: ZonedTimestampError.malformed) { try ZonedTimestamp(parsing: text) }
    }

    @Test func `a tag that one has to know and does not is refused by its key`() {
        for tags in ["[!u-ca=chinese]", "[UTC][!u-ca=chinese]", "[UTC][a=b][!u-ca=chinese]", "[u-ca=hebrew][!u-ca=chinese]"] {
            #expect(throws: ZonedTimestampError.unknownCriticalTag("u-ca")) { try ZonedTimestamp(parsing: "2026-07-01T09:00:00Z\(tags)") }
        }
    }

    @Test func `an instant takes no brackets`() {
        #expect(Instant(rfc3339: "2026-07-01T09:00:00+08:00[Asia/Shanghai]") == nil)
        let text = Data(#"["2026-07-01T01:00:00Z[UTC]"]"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Timestamp].self, from: text) }
    }

    @Test func `the offset has to be the zone's, at that time`() throws {
        let zones = try TimeZoneDatabase()
        for (text, code) in [
            ("2026-07-01T09:00:00+02:00[Europe/Berlin]", nil), ("2026-12-01T09:00:00+01:00[Europe/Berlin]", nil),
            ("2026-07-01T09:00:00+01:00[Europe/Berlin]", "offset"), ("2026-07-01T09:00:00+00:00[Europe/London]", "offset"),
            ("2026-07-01T09:00:00Z[Europe/London]", nil), ("2026-07-01T09:00:00-00:00[Europe/London]", nil),
            ("2026-07-01T09:00:00+08:00[Asia/Atlantis]", "choice"), ("2026-07-01T09:00:00Z[EST]", "choice"),
            ("2026-07-01T09:00:00Z[../zoneinfo/UTC]", "choice"), ("2026-07-01T09:00:00+08:00[+08:00]", nil),
            ("2026-07-01T09:00:00+08:00[+07:00]", "offset"), ("2026-07-01T09:00:00Z[+07:00]", nil),
            // Twice half past two, and each once.
            ("2026-10-25T02:30:00+02:00[Europe/Berlin]", nil), ("2026-10-25T02:30:00+01:00[Europe/Berlin]", nil),
            // It does not exist.
            ("2026-03-29T02:30:00+01:00[Europe/Berlin]", "offset"),
        ] as [(String, String?)] {
            var check = Validation()
            check("startTime", try ZonedTimestamp(parsing: text), in: zones)
            #expect(check.failures.map(\.code) == (code.map { [$0] } ?? []), "\(text)")
            #expect(check.failures.allSatisfy { $0.pointer == "/startTime" })
        }
    }

    @Test func `what is written is read again as the same instant in the same zone`() throws {
        for text in ["2026-07-01T09:00:00+08:00[Asia/Shanghai]", "2026-07-01T09:00:00.25-03:30[-03:30]", "1969-12-31T23:59:59Z"] {
            let time = try ZonedTimestamp(parsing: text)
            let again = try ZonedTimestamp(parsing: "\(time)")
            #expect(again.instant == time.instant && again.zone == time.zone)
        }
    }

    @Test func `whatever stands there, it is read or refused`() throws {
        var random = SplitMix64(seed: 9_557)
        let seed = Array("2026-07-01T09:00:00+08:00[!Asia/Shanghai][u-ca=chinese]".utf8)
        for _ in 0..<20_000 {
            var garbled = seed
            for _ in 0...random.number(in: 0...4) {
                let place = random.number(in: 0...garbled.count - 1)
                switch random.number(in: 0...2) {
                case 0: garbled[place] = UInt8(random.number(in: 0...255))
                case 1: garbled.remove(at: place)
                default: garbled.insert(contentsOf: "[]!=+-:_Z/\0".utf8.shuffled(using: &random).prefix(1), at: place)
                }
            }
            let text = String(decoding: garbled, as: UTF8.self)
            guard let time = try? ZonedTimestamp(parsing: text) else { continue }
            #expect(try ZonedTimestamp(parsing: "\(time)").instant == time.instant, "\(text)")
        }
    }
}
