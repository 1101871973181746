/// The table of all figures. docs/metrics.md shows the same one.
extension Metric {
    public static let all = live + doorway + storage + jobs + cluster + process

    // MARK: Everything live

    static let connections = Self("ringside_connections", .gauge, labels: ["loop"], "Live connections, signed in or not.")
    static let subscriptions = Self("ringside_subscriptions", .gauge, labels: ["loop"], "Subscriptions of live connections to channels.")
    static let channels = Self(
        "ringside_channels", .gauge, labels: ["loop"], "Channels that an event loop holds on to, watched or left a moment ago.")
    static let queueBytes = Self(
        "ringside_queue_bytes", .gauge, unit: .bytes, labels: ["loop"], "Bytes that wait for peers who read slowly.")
    static let deliveries = Self(
        "ringside_deliveries_total", .counter, labels: ["loop"],
        "Writes of publications, joins and leaves to connections; several that left together count once.")
    static let commitToDelivery = Self(
        "ringside_commit_to_delivery_seconds", .histogram, unit: .seconds,
        "From the commit of an event to the moment everybody on an event loop had it; one observation for all that left together.")
    static let loopLag = Self(
        "ringside_loop_lag_seconds", .histogram, unit: .seconds, labels: ["loop"], "How late an event loop came to its task of each second."
    )
    static let subscriptionStarts = Self(
        "ringside_subscription_starts_total", .counter, labels: ["outcome"],
        "Subscriptions that began: fresh, recovered with all they had missed, or unrecovered.")
    static let logReads = Self("ringside_log_reads_total", .counter, "Reads of a channel's log, for streams and for clients.")
    static let logReadFailures = Self("ringside_log_read_failures_total", .counter, "Reads of a channel's log that failed.")
    static let channelsBehind = Self(
        "ringside_channels_behind_total", .counter, "Watched channels that reached further in the log than the event loop had been told.")
    static let closes = Self(
        "ringside_closes_total", .counter, labels: ["code"], "Live connections that the server closed, by code of the close frame.")
    static let slowConsumers = Self(
        "ringside_slow_consumers_total", .counter, "Live connections that were closed because their peer read too slowly.")
    static let limitsHit = Self(
        "ringside_limits_hit_total", .counter, labels: ["limit"], "How often somebody asked for more than a configured bound.")

    static let live = [
        connections, subscriptions, channels, queueBytes, deliveries, commitToDelivery, loopLag, subscriptionStarts, logReads,
        logReadFailures, channelsBehind, closes, slowConsumers, limitsHit,
    ]

    // MARK: The doorway

    static let refusals = Self(
        "ringside_connections_refused_total", .counter, labels: ["reason"], "Connections and upgrades that were turned away.")
    static let requests = Self(
        "ringside_http_requests_total", .counter, labels: ["route", "method", "status"],
        "Requests that were answered, by the pattern of their route.")
    static let requestDuration = Self(
        "ringside_http_request_duration_seconds", .histogram, unit: .seconds, labels: ["route", "method"],
        "From the head of a request to the end of its answer.")
    static let seriesFolded = Self(
        "ringside_metric_series_folded_total", .counter,
        "Label sets that a full metric had no room for; they are counted under the label value other.")

    static let doorway = [refusals, requests, requestDuration, seriesFolded]

    // MARK: The database

    public static let transactions = Self("ringside_transactions_total", .counter, "Transactions that were committed.")
    public static let commits = Self(
        "ringside_commits_total", .counter, "Commits that reached the disk; each carried one or more transactions.")
    public static let commitDuration = Self(
        "ringside_commit_seconds", .histogram, unit: .seconds, "How long a commit took to reach the disk.")
    public static let batchDuration = Self(
        "ringside_batch_seconds", .histogram, unit: .seconds, "From the beginning of a batch of transactions to the end of its commit.")
    public static let batchTransactions = Self("ringside_batch_transactions", .histogram, "Transactions that shared a commit.")
    public static let events = Self("ringside_events_total", .counter, "Events that were committed.")
    public static let replays = Self(
        "ringside_commit_replays_total", .counter, "Batches that fell as a whole and were run again one by one.")
    public static let writesWaiting = Self("ringside_writes_waiting", .gauge, "Transactions that wait for the writer.")
    public static let readsWaiting = Self("ringside_reads_waiting", .gauge, "Reads that wait for a reader.")

    static let storage = [
        transactions, commits, commitDuration, batchDuration, batchTransactions, events, replays, writesWaiting, readsWaiting,
    ]

    // MARK: Jobs

    public static let jobsWaiting = Self(
        "ringside_jobs_waiting", .gauge, "Jobs on all nodes whose time has not come, that rest after a failure, or that nobody has taken.")
    public static let jobsRunning = Self("ringside_jobs_running", .gauge, "Jobs that this node runs.")
    public static let jobsDead = Self(
        "ringside_jobs_dead", .gauge, "Dead letters on all nodes: jobs that failed as often as they may and wait for a person.")
    public static let jobDuration = Self(
        "ringside_job_duration_seconds", .histogram, unit: .seconds, labels: ["kind", "outcome"],
        "From the taking of a job to its end: done, failed, dead, or lost to another node.")

    static let jobs = [jobsWaiting, jobsRunning, jobsDead, jobDuration]
    // MARK: The other nodes

    public static let busConnected = Self(
        "ringside_bus_connected", .gauge,
        "1 while the bus is in reach; at 0 presence and shared limits are those of this node alone, and streams of other nodes can't be reached."
    )
    public static let busPublished = Self(
        "ringside_bus_published_total", .counter, "Events, joins and leaves that the other nodes were told.")
    public static let busReceived = Self("ringside_bus_received_total", .counter, "Events, joins and leaves that came from other nodes.")
    public static let busDropped = Self(
        "ringside_bus_dropped_total", .counter, "Events, joins and leaves that were not told, for want of a connection or of room.")
    public static let busMalformed = Self("ringside_bus_malformed_total", .counter, "Messages of the bus that could not be read.")
    public static let busReconnects = Self(
        "ringside_bus_reconnects_total", .counter, "Connections to the bus that took a lost one's place.")
    public static let tailLooks = Self("ringside_tail_looks_total", .counter, "Looks at which channels other nodes have moved.")
    public static let tailFailures = Self("ringside_tail_failures_total", .counter, "Looks of that kind that failed.")

    static let cluster = [
        busConnected, busPublished, busReceived, busDropped, busMalformed, busReconnects, tailLooks, tailFailures,
    ]

    // MARK: The process

    // These names are the ones that every Prometheus client uses.
    static let cpu = Self("process_cpu_seconds_total", .counter, unit: .seconds, "User and system time of the process.")
    static let residentMemory = Self("process_resident_memory_bytes", .gauge, unit: .bytes, "Memory that the process has in RAM.")
    static let virtualMemory = Self("process_virtual_memory_bytes", .gauge, unit: .bytes, "Address space of the process.")
    static let descriptors = Self("process_open_fds", .gauge, "Descriptors that are open.")
    static let descriptorsMax = Self("process_max_fds", .gauge, "Descriptors that may be open.")
    static let startTime = Self("process_start_time_seconds", .gauge, unit: .seconds, "When the process began, since 1970.")
    static let buildInfo = Self("ringside_build_info", .gauge, labels: ["version"], "Always 1; the label names the version.")

    static let process = [cpu, residentMemory, virtualMemory, descriptors, descriptorsMax, startTime, buildInfo]

    /// By name.
    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    static func named(_ name: String) -> Metric? { byName[name] }
}
