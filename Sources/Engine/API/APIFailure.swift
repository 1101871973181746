import Wire

/// Why a request of the server API was not carried out.
enum APIFailure: Error, Hashable {
    /// Not the JSON that the method takes: HTTP 400.
    case malformed
    /// Understood and refused: HTTP 200 with an error inside, as the API's clients expect it.
    case refused(ProtocolError)
}
