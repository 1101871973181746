import Foundation
import Realtime
import Wire

extension ServerAPI {
    /// `{"user", "channel", "client", "session", "info", "data", "expire_at", "recover_since", "override"}`.
    func subscribe(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let target = try parameters.target()
        let channel = try parameters.channel()
        var options = try options(of: channel)
        let override: OptionOverrides? = try parameters.value("override")
        override?.apply(to: &options)
        let grant = ChannelGrant(
            options: options, expiresAt: try Self.instant(try parameters.value("expire_at")), info: try parameters.json("info"),
            data: try parameters.json("data")
        )
        try await order(.subscribe(target, channel: channel, grant, since: try parameters.position("recover_since")))
        return try Self.encode(APIResult.Empty())
    }

    /// `{"user", "channel", "client", "session"}`.
    func unsubscribe(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let target = try parameters.target()
        let channel = try parameters.channel()
        _ = try options(of: channel)
        try await order(.unsubscribe(target, channel: channel))
        return try Self.encode(APIResult.Empty())
    }

    /// `{"user", "client", "session", "whitelist", "disconnect": {"code", "reason"}}`.
    func disconnect(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let target = try parameters.target()
        var reason = Disconnect.forceNoReconnect
        if let custom = try parameters.object("disconnect") {
            let code: Int = try custom.value("code") ?? 0
            // Codes below are WebSocket's own.
            guard (3_000...4_999).contains(code) else { throw .refused(.badRequest) }
            reason = Disconnect(code: UInt16(code), reason: try custom.text("reason"))
        }
        let spared = Set(try parameters.value("whitelist", as: [String].self) ?? [])
        try await order(.disconnect(target, code: reason.code, reason: reason.reason, sparing: spared))
        return try Self.encode(APIResult.Empty())
    }

    /// `{"user", "client", "session", "expired", "expire_at"}`; without a time the connection does not expire any more.
    func refresh(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let target = try parameters.target()
        if try parameters.bool("expired") {
            let reason = Disconnect.connectionExpired
            try await order(.disconnect(target, code: reason.code, reason: reason.reason, sparing: []))
        } else {
            try await order(.refresh(target, expiresAt: try Self.instant(try parameters.value("expire_at"))))
        }
        return try Self.encode(APIResult.Empty())
    }

    private static func instant(_ date: NumericDate?) throws(APIFailure) -> Instant? {
        guard let date, !date.isZero else { return nil }
        return date.instant
    }
}
