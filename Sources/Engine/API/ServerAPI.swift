import Core
import Foundation
import Realtime
import Wire

/// What an application's back end asks of the engine: `POST <prefix>/<method>` with a JSON object, answered with `{"result": …}` or
/// `{"error": {"code", "message"}}`.
///
/// Written once for both ways to run: the engine alone has it with a log in memory, `ringside serve` over its database.
public struct ServerAPI: Sendable {
    /// Channels of one broadcast.
    static let broadcastChannelsMax = 10_000
    /// Commands of one batch.
    static let batchCommandsMax = 1_000
    /// Entries in one answer of `history`.
    static let historyEntriesMax = 10_000
    /// Bytes of entries in one answer of `history`, one at least: what is left out is asked for from where the answer ends.
    static let historyBytesMax = 4_194_304
    /// Entries that are read at once for it.
    static let historyPageEntries = 100
    /// Bytes of the answers of a batch; what follows is refused.
    static let batchBytesMax = 16_777_216
    /// Publications and commands of one request in a row, until others have their turn on the event loop.
    private static let turn = 100

    let hub: Hub
    let log: any EventLog
    let channelLog: any ChannelLog
    let repeats: RepeatGuard
    /// Has every node do something with its connections.
    let carryOut: @Sendable (HubOrder) async throws -> Void
    /// Who asks: of the copy that answers a request.
    var client = APIClient.withoutOperations
    private let channelOptions: @Sendable (String) -> ChannelOptions?

    /// - Parameters:
    ///   - log: read by `history`.
    ///   - channelLog: written by `publish` and `history_remove`; whatever it appends must reach the hub as a committed event.
    ///   - carryOut: has every node do something with its connections; where there is one alone, ``Hub/carryOut(_:)``.
    ///   - options: what holds in a channel; nil for one that the API does not know.
    public init(
        hub: Hub, log: any EventLog, channelLog: any ChannelLog, time: any TimeSource,
        carryOut: @escaping @Sendable (HubOrder) async throws -> Void,
        options: @escaping @Sendable (_ channel: String) -> ChannelOptions?
    ) {
        self.hub = hub
        self.log = log
        self.channelLog = channelLog
        repeats = RepeatGuard(time: time)
        self.carryOut = carryOut
        channelOptions = options
    }

    /// Lets others have their turn now and then.
    ///
    /// - Parameter count: of what the request has done so far.
    static func giveWay(after count: Int) async {
        if count > 0, count.isMultiple(of: turn) { await Task.yield() }
    }

    /// What holds in a channel.
    func options(of channel: String) throws(APIFailure) -> ChannelOptions {
        guard let options = channelOptions(channel) else { throw .refused(.unknownChannel) }
        return options
    }

    /// Carries out one request of any method but `batch`.
    ///
    /// - Parameter member: under which the result stands in the answer; a refusal stands under `error`.
    /// - Throws: ``APIFailure/malformed``.
    func answer(_ method: String, _ request: RawJSON, under member: String) async throws(APIFailure) -> RawJSON {
        do throws(APIFailure) {
            guard let run = Self.methods[method] else { throw .refused(.methodNotFound) }
            return try Self.encode([member: try await run(self)(APIParameters(request))])
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            return try Self.encode(APIResult.Failure(refusal))
        }
    }

    static func hasMethod(_ method: String) -> Bool { methods[method] != nil || method == batchMethod }

    static let batchMethod = "batch"

    typealias Method = @Sendable (ServerAPI) -> (APIParameters) async throws(APIFailure) -> RawJSON

    /// All but `batch`, which is made of them.
    static let methods: [String: Method] = [
        "publish": { $0.publish }, "broadcast": { $0.broadcast }, "subscribe": { $0.subscribe }, "unsubscribe": { $0.unsubscribe },
        "disconnect": { $0.disconnect }, "refresh": { $0.refresh }, "presence": { $0.presence },
        "presence_stats": { $0.presenceStats }, "history": { $0.history }, "history_remove": { $0.removeHistory },
        "channels": { $0.channels }, "info": { $0.info }, "rpc": { $0.call },
    ]

    /// - Throws: `ProtocolError.internalError` where the order was not written down.
    func order(_ action: HubOrder.Action) async throws(APIFailure) {
        do {
            try await carryOut(HubOrder(action))
        } catch {
            throw .refused(.internalError)
        }
    }

    static func encode(_ value: some Encodable) throws(APIFailure) -> RawJSON {
        guard let json = try? RawJSON(encoding: value) else { throw .refused(.internalError) }
        return json
    }
}
