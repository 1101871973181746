import Core

extension TimeZones {
    /// Whether the ends of a requested interval agree with the zones that they name.
    ///
    /// - Throws: `ValidationError` that names the member.
    func require(_ startTime: ZonedTimestamp?, _ endTime: ZonedTimestamp?) throws {
        var check = Validation()
        check("startTime", startTime, in: self)
        check("endTime", endTime, in: self)
        guard check.failures.isEmpty else { throw ValidationError(check.failures) }
    }
}
