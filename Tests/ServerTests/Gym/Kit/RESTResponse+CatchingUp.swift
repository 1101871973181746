import Client

extension RESTResponse {
    /// Nothing was done: a server of a shared database that was not given the time to read the log does not trust what it knows.
    var isCatchingUp: Bool { status == 503 && text.contains(#""request.catching_up""#) }
}
