import Foundation
import Wire

/// The claims that both kinds of tokens share.
struct RegisteredClaims: Decodable {
    let issuer: String?
    let audience: Audience?
    let expiresAt: NumericDate?
    let notBefore: NumericDate?

    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case expiresAt = "exp"
        case notBefore = "nbf"
    }
}

/// What a connection token says (protocol A.5, rule 6).
struct ConnectionClaims: Decodable {
    /// The user; empty for somebody anonymous.
    let user: String
    let expiresAt: NumericDate?
    /// When the connection ends, apart from when the token does; zero for never.
    let connectionExpiresAt: NumericDate?
    let info: RawJSON?
    let encodedInfo: EncodedJSON?
    /// Channels that the server subscribes the connection to.
    let channels: [String]?
    /// The same with options.
    let subscriptions: [String: SubscriptionClaims]?

    enum CodingKeys: String, CodingKey {
        case user = "sub"
        case expiresAt = "exp"
        case connectionExpiresAt = "expire_at"
        case info, channels
        case encodedInfo = "b64info"
        case subscriptions = "subs"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        user = try container.decodeIfPresent(String.self, forKey: .user) ?? ""
        expiresAt = try container.decodeIfPresent(NumericDate.self, forKey: .expiresAt)
        connectionExpiresAt = try container.decodeIfPresent(NumericDate.self, forKey: .connectionExpiresAt)
        info = try container.decodeIfPresent(RawJSON.self, forKey: .info)
        encodedInfo = try container.decodeIfPresent(EncodedJSON.self, forKey: .encodedInfo)
        channels = try container.decodeIfPresent([String].self, forKey: .channels)
        subscriptions = try container.decodeIfPresent([String: SubscriptionClaims].self, forKey: .subscriptions)
    }
}

/// What a subscription token says (protocol A.5, rule 6), or a connection token of one of its channels.
struct SubscriptionClaims: Decodable {
    let user: String?
    let channel: String?
    /// The connection that may use it; absent or empty for any of the user's.
    let client: String?
    let expiresAt: NumericDate?
    /// When the subscription ends, apart from when the token does; zero for never.
    let subscriptionExpiresAt: NumericDate?
    let info: RawJSON?
    let encodedInfo: EncodedJSON?
    let data: RawJSON?
    let encodedData: EncodedJSON?
    let override: OptionOverrides?

    enum CodingKeys: String, CodingKey {
        case channel, client, info, data, override
        case user = "sub"
        case expiresAt = "exp"
        case subscriptionExpiresAt = "expire_at"
        case encodedInfo = "b64info"
        case encodedData = "b64data"
    }
}

/// Options of the namespace that hold otherwise for one subscription.
struct OptionOverrides: Decodable {
    struct Switch: Decodable {
        let value: Bool
    }

    let presence: Switch?
    let joinLeave: Switch?
    let forcePushJoinLeave: Switch?
    let forceRecovery: Switch?
    let forcePositioning: Switch?

    enum CodingKeys: String, CodingKey {
        case presence
        case joinLeave = "join_leave"
        case forcePushJoinLeave = "force_push_join_leave"
        case forceRecovery = "force_recovery"
        case forcePositioning = "force_positioning"
    }
}

/// One audience or several (RFC 7519, section 4.1.3).
struct Audience: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let name = try? container.decode(String.self) {
            names = [name]
        } else {
            names = try container.decode([String].self)
        }
    }
}

/// Seconds since 1970, with a fraction perhaps (RFC 7519, section 2).
struct NumericDate: Decodable, Hashable {
    let instant: Instant

    /// Zero stands for no date in `expire_at`.
    var isZero: Bool { instant.microseconds == 0 }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let seconds = try container.decode(Double.self)
        // Up to the year 9999: beyond it no sum of microseconds can overflow by accident.
        guard seconds >= 0, seconds < 253_402_300_800 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no date")
        }
        instant = Instant(microseconds: Int64(seconds * 1_000_000))
    }
}

/// JSON in base64.
struct EncodedJSON: Decodable {
    let json: RawJSON

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        // Read and written anew: what is not JSON, or has line breaks in it, must not get into a frame.
        guard let data = Data(base64Encoded: text), let json = try? JSONDecoder().decode(RawJSON.self, from: data) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no JSON in base64")
        }
        self.json = json
    }
}
