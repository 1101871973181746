import Realtime
import Wire

/// What the methods of the server API answer, in the form that its clients know.
enum APIResult {
    struct Empty: Encodable {}

    /// The offset and epoch are absent in a channel that keeps nothing.
    struct Published: Encodable {
        let offset: UInt64?
        let epoch: String?

        init(_ position: StreamPosition?) {
            offset = position?.offset
            epoch = position?.epoch
        }
    }

    struct Broadcast: Encodable {
        let responses: [RawJSON]
    }

    struct Presence: Encodable {
        let presence: [String: Client]
    }

    struct PresenceStats: Encodable {
        let clientCount: Int
        let userCount: Int

        enum CodingKeys: String, CodingKey {
            case clientCount = "num_clients"
            case userCount = "num_users"
        }
    }

    struct Client: Encodable {
        let user: String
        let client: String
        let connInfo: RawJSON?
        let chanInfo: RawJSON?

        init(_ info: ClientInfo) {
            user = info.user
            client = info.client
            connInfo = info.connInfo
            chanInfo = info.chanInfo
        }

        enum CodingKeys: String, CodingKey {
            case user, client
            case connInfo = "conn_info"
            case chanInfo = "chan_info"
        }
    }

    struct History: Encodable {
        let publications: [Entry]
        let epoch: String
        let offset: UInt64
    }

    struct Entry: Encodable {
        let data: RawJSON
        let offset: UInt64
        let tags: [String: String]?
        let info: Client?
    }

    struct Channels: Encodable {
        struct Channel: Encodable {
            let clientCount: Int

            enum CodingKeys: String, CodingKey {
                case clientCount = "num_clients"
            }
        }

        let channels: [String: Channel]
    }

    struct Info: Encodable {
        struct Node: Encodable {
            let uid: String
            let name: String
            let version: String
            let clientCount: Int
            let userCount: Int
            let subscriptionCount: Int
            let channelCount: Int
            let uptime: Int

            enum CodingKeys: String, CodingKey {
                case uid, name, version, uptime
                case clientCount = "num_clients"
                case userCount = "num_users"
                case subscriptionCount = "num_subs"
                case channelCount = "num_channels"
            }
        }

        let nodes: [Node]
    }

    struct Batch: Encodable {
        let replies: [RawJSON]
    }

    struct Failure: Encodable {
        struct Reason: Encodable {
            let code: UInt32
            let message: String
        }

        let error: Reason

        init(_ error: ProtocolError) { self.error = Reason(code: error.code, message: error.message) }
    }
}
