import Wire

/// How the wall clock of one zone has gone and, as far as anybody knows, will go; a plain value, read from a TZif file.
public struct ZoneRules: Sendable {
    /// What rules after the table ends, where the file says so.
    public let footer: AnnualClock?

    /// When the offset changed, in seconds since 1970, ascending.
    private let changeSeconds: [Int64]
    /// To which of the offsets it changed then.
    private let changeOffsets: [UInt8]
    /// The first is what holds before the first change.
    private let offsets: [ZoneOffset]

    /// - Parameters:
    ///   - offsets: at least one.
    ///   - changeOffsets: indices into `offsets`, one for each of `changeSeconds`.
    init(offsets: [ZoneOffset], changeSeconds: [Int64], changeOffsets: [UInt8], footer: AnnualClock?) {
        self.offsets = offsets
        self.changeSeconds = changeSeconds
        self.changeOffsets = changeOffsets
        self.footer = footer
    }

    /// The zone that never was anywhere else.
    public static let utc = ZoneRules(
        offsets: [ZoneOffset(seconds: 0, isDaylightSaving: false, abbreviation: "UTC")], changeSeconds: [], changeOffsets: [], footer: nil
    )

    /// What the clocks of the zone agree on at an instant.
    public func offset(at instant: Instant) -> ZoneOffset { offset(atSecond: instant.wholeSeconds) }

    /// What the wall clock shows at an instant.
    public func local(at instant: Instant) -> LocalDateTime {
        let seconds = instant.wholeSeconds
        return LocalDateTime(secondsSinceEpoch: seconds + Int64(offset(atSecond: seconds).seconds))
    }

    /// The first change after an instant; nil when there will be none.
    public func nextChange(after instant: Instant) -> ZoneChange? { nextChange(afterSecond: instant.wholeSeconds) }

    /// The change that began what holds at an instant, as far as the table goes back; nil when nothing came before.
    public func lastChange(through instant: Instant) -> ZoneChange? {
        let second = instant.wholeSeconds
        if let footer, second >= changeSeconds.last ?? .min, let change = footer.lastChange(throughSecond: second),
            change.second > changeSeconds.last ?? .min
        {
            return change
        }
        return changeSeconds[..<firstIndex(afterSecond: second)].indices.reversed().lazy.compactMap(change).first
    }

    /// Since when every change has been one that ``footer`` foresees, in seconds since 1970; nil where there are no such changes.
    public var annualSince: Int64? {
        guard let footer, footer.daylightSaving != nil else { return nil }
        var since = footer.nextChange(afterSecond: changeSeconds.last ?? 0)?.second
        for change in changeSeconds.indices.reversed().lazy.compactMap(change) {
            guard footer.lastChange(throughSecond: change.second) == change, footer.nextChange(afterSecond: change.second)?.second == since
            else { break }
            since = change.second
        }
        return since
    }

    func offset(atSecond second: Int64) -> ZoneOffset {
        if let footer, second >= changeSeconds.last ?? .min { return footer.offset(atSecond: second) }
        return offsetBefore(firstIndex(afterSecond: second))
    }

    func nextChange(afterSecond second: Int64) -> ZoneChange? {
        if let change = changeSeconds[firstIndex(afterSecond: second)...].indices.lazy.compactMap(change).first { return change }
        return footer?.nextChange(afterSecond: max(second, changeSeconds.last ?? second))
    }

    /// Nil where nothing changes: a table may end with an entry that only says from when on the footer rules.
    private func change(_ index: Int) -> ZoneChange? {
        let change = ZoneChange(second: changeSeconds[index], before: offsetBefore(index), after: offsets[Int(changeOffsets[index])])
        return change.before == change.after ? nil : change
    }

    private func offsetBefore(_ index: Int) -> ZoneOffset {
        index == 0 ? offsets[0] : offsets[Int(changeOffsets[index - 1])]
    }

    /// By halving: zones have up to some 240 changes.
    private func firstIndex(afterSecond second: Int64) -> Int {
        var range = 0..<changeSeconds.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if changeSeconds[middle] <= second { range = (middle + 1)..<range.upperBound } else { range = range.lowerBound..<middle }
        }
        return range.lowerBound
    }
}
