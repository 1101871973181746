import Wire

/// How the wall clock of one zone has gone and, as far as anybody knows, will go; a plain value, read from a TZif file.
public struct ZoneRules: Sendable {
    /// What rules after the table ends, where it says so.
    let footer: AnnualClock?

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
        let next = firstIndex(afterSecond: second)
        return next > 0 ? change(next - 1) : nil
    }

    func offset(atSecond second: Int64) -> ZoneOffset {
        if let footer, second >= changeSeconds.last ?? .min { return footer.offset(atSecond: second) }
        return offsetBefore(firstIndex(afterSecond: second))
    }

    func nextChange(afterSecond second: Int64) -> ZoneChange? {
        let next = firstIndex(afterSecond: second)
        if next < changeSeconds.count { return change(next) }
        return footer?.nextChange(afterSecond: second)
    }

    private func change(_ index: Int) -> ZoneChange {
        ZoneChange(second: changeSeconds[index], before: offsetBefore(index), after: offsets[Int(changeOffsets[index])])
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
