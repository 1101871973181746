import Wire

/// The probes of an orchestrator: whether the process lives, and whether it wants requests.
enum HealthPages {
    private struct Live: Encodable {
        let status: String
        let version: String
        let tzdata: String?
    }

    private struct Ready: Encodable {
        let status: String
        let reasons: [String]
    }

    static func routes(readiness: Readiness, version: String, timeZoneVersion: String?) -> [Route] {
        let live = Route(
            .get, "/healthz",
            .page {
                let answer = Live(status: "ok", version: version, tzdata: timeZoneVersion)
                return Reply(status: .ok, json: try JSONByteEncoder().encode(answer))
            }, isProbe: true
        )
        let ready = Route(
            .get, "/readyz",
            .page {
                let obstacles = readiness.obstacles
                let answer = Ready(status: obstacles.isEmpty ? "ok" : "unavailable", reasons: obstacles)
                return Reply(status: obstacles.isEmpty ? .ok : .serviceUnavailable, json: try JSONByteEncoder().encode(answer))
            }, isProbe: true
        )
        return [live, ready]
    }
}
