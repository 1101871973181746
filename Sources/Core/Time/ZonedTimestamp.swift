import Wire

/// A point in time as RFC 9557 writes it: RFC 3339 and, in brackets behind it, by whose clock it is meant:
/// `2026-07-01T09:00:00+08:00[Asia/Shanghai]`. Without brackets it is RFC 3339 and nothing looser.
///
/// What is meant is the instant. The zone is a second opinion: an offset has to be the one that the zone has then, see
/// ``Validation/callAsFunction(_:_:in:)``. Where the text says `Z` it only informs.
public struct ZonedTimestamp: Hashable, Sendable {
    /// What a text names as its time zone.
    public enum Zone: Hashable, Sendable {
        /// Perhaps one of the IANA database.
        case named(String)
        /// So many seconds east of UTC, always.
        case offset(Int)
    }

    /// The longest text that is read, in bytes.
    public static let bytesMax = 256

    public let timestamp: Timestamp
    /// Seconds east of UTC; nil for `Z` and `-00:00`, which say that it is not known (RFC 9557, section 2).
    public let offset: Int?
    public let zone: Zone?

    public var instant: Instant { timestamp.instant }

    /// - Throws: ``ZonedTimestampError``.
    public init(parsing text: String) throws(ZonedTimestampError) {
        guard text.utf8.count <= Self.bytesMax else { throw .malformed }
        let bytes = Array(text.utf8)
        let time = bytes.prefix { $0 != UInt8(ascii: "[") }
        guard let instant = Instant(rfc3339: String(decoding: time, as: UTF8.self)) else { throw .malformed }
        timestamp = Timestamp(instant)
        offset = time.suffix(6) == Array("-00:00".utf8)[...] ? nil : Self.offset(time.suffix(6))

        var zone: Zone?
        var rest = bytes[time.endIndex...]
        while let end = rest.firstIndex(of: UInt8(ascii: "]")) {
            guard rest.first == UInt8(ascii: "[") else { throw .malformed }
            var tag = rest[rest.startIndex + 1..<end]
            let isCritical = tag.first == UInt8(ascii: "!")
            if isCritical { tag = tag.dropFirst() }
            if let key = try Self.key(of: tag) {
                guard !isCritical else { throw .unknownCriticalTag(key) }
            } else {
                // One, and before all tags.
                guard rest.startIndex == time.endIndex else { throw .malformed }
                zone = try Self.zone(tag)
            }
            rest = rest[(end + 1)...]
        }
        guard rest.isEmpty else { throw .malformed }
        self.zone = zone
    }

    /// The key of `key=value-value`; nil where it is none. Keys for experiments begin with `_` and are not for strangers (section 3.2).
    private static func key(of tag: ArraySlice<UInt8>) throws(ZonedTimestampError) -> String? {
        guard let equals = tag.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let (key, values) = (tag[..<equals], tag[(equals + 1)...].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false))
        guard key.first.map(isLowercase) == true, key.allSatisfy({ isLowercase($0) || isDigit($0) || "-_".utf8.contains($0) }),
            values.allSatisfy({ !$0.isEmpty && $0.allSatisfy { isLetter($0) || isDigit($0) } })
        else { throw .malformed }
        return String(decoding: key, as: UTF8.self)
    }

    private static func zone(_ tag: ArraySlice<UInt8>) throws(ZonedTimestampError) -> Zone {
        if let seconds = offset(tag) { return .offset(seconds) }
        guard let first = tag.first, isLetter(first) || first == UInt8(ascii: ".") || first == UInt8(ascii: "_"),
            tag.allSatisfy({ isLetter($0) || isDigit($0) || "._-+/".utf8.contains($0) })
        else { throw .malformed }
        return .named(String(decoding: tag, as: UTF8.self))
    }

    /// `+08:00` in seconds.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        let (sign, digits) = (text.first, text.dropFirst().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false))
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 2,
            digits.allSatisfy({ $0.count == 2 && $0.allSatisfy(isDigit) })
        else { return nil }
        let (hours, minutes) = (number(digits[0]), number(digits[1]))
        guard hours < 24, minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLowercase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }
}

/// Why a text is no ``ZonedTimestamp``.
public enum ZonedTimestampError: Error, Hashable {
    case malformed
    /// The text says that whoever does not know the key must not go on.
    case unknownCriticalTag(String)
}

extension ZonedTimestamp: Codable, CustomStringConvertible {
    /// In UTC, with the zone where one was named.
    public var description: String {
        switch zone {
        case nil: "\(timestamp)"
        case .named(let name): "\(timestamp)[\(name)]"
        case .offset(let seconds):
            "\(timestamp)[\(seconds < 0 ? "-" : "+")\(Self.padded(abs(seconds) / 3_600)):\(Self.padded(abs(seconds) / 60 % 60))]"
        }
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(parsing: try container.decode(String.self))
        } catch ZonedTimestampError.malformed {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected an RFC 3339 instant such as 2026-07-01T01:00:00Z, or 2026-07-01T09:00:00+08:00[Asia/Shanghai]"
            )
        } catch ZonedTimestampError.unknownCriticalTag(let key) {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected no critical tag but the time zone: \(key)")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Validation {
    /// A time whose zone, where it names one, is known and has the offset that the time says.
    public mutating func callAsFunction(_ field: String, _ time: ZonedTimestamp?, in timeZones: any TimeZones) {
        guard let time, let zone = time.zone else { return }
        let expected: Int? =
            switch zone {
            case .offset(let seconds): seconds
            case .named(let name): (try? timeZones.rules(of: name))?.offset(at: time.instant).seconds
            }
        guard let expected else {
            return self(field, false, code: "choice", detail: "must name a time zone of the IANA database, or none")
        }
        let agrees = time.offset.map { $0 == expected } ?? true
        self(field, agrees, code: "offset", detail: "must have the offset that its time zone has at that time, or Z")
    }
}
