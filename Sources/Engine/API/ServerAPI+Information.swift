import Realtime
import Wire

extension ServerAPI {
    /// `{"channel"}`.
    func presence(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let channel = try parameters.channel()
        guard try options(of: channel).presence else { throw .refused(.notAvailable) }
        let presence = await hub.presence(channel).mapValues(APIResult.Client.init)
        return try Self.encode(APIResult.Presence(presence: presence))
    }

    /// `{"channel"}`.
    func presenceStats(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let channel = try parameters.channel()
        guard try options(of: channel).presence else { throw .refused(.notAvailable) }
        let stats = await hub.presenceStats(channel)
        return try Self.encode(APIResult.PresenceStats(clientCount: Int(stats.clientCount), userCount: Int(stats.userCount)))
    }

    /// `{"pattern"}`: the channels that somebody watches, those that match a pattern such as `chat:*`.
    func channels(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let channels = await hub.channels(try parameters.text("pattern"))
            .filter { (try? options(of: $0.key)) != nil }
            .mapValues { APIResult.Channels.Channel(clientCount: $0) }
        return try Self.encode(APIResult.Channels(channels: channels))
    }

    /// `{}`.
    func info(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let info = await hub.info()
        let node = APIResult.Info.Node(
            uid: info.node, name: info.node, version: info.version, clientCount: info.connections,
            userCount: info.users, subscriptionCount: info.subscriptions, channelCount: info.channels, uptime: info.uptimeSeconds
        )
        return try Self.encode(APIResult.Info(nodes: [node]))
    }

    /// `{"method", "data"}`: an operation of the API, as live connections call them. The engine alone has none.
    func call(_ parameters: APIParameters) async throws(APIFailure) -> RawJSON {
        let method = try parameters.text("method")
        guard !method.isEmpty else { throw .refused(.badRequest) }
        let data = try parameters.json("data")
        let answer: RawJSON
        do {
            answer = try await client.call(method, data)
        } catch {
            throw .refused(error)
        }
        return try Self.encode(["data": answer])
    }
}
