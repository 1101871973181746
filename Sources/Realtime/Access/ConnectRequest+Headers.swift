import Wire

extension ConnectRequest {
    /// Headers that a client may put into its connect request because it can't set them on the connection; all others are ignored. Nothing
    /// that a proxy would vouch for belongs here: a client may write what it likes.
    private static let honoured = "authorization"

    /// The access token: what the request says, else the bearer token of an emulated `Authorization` header; empty without either.
    var accessToken: String {
        guard token.isEmpty, let header = headers.first(where: { $0.key.lowercased() == Self.honoured })?.value else { return token }
        let parts = header.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : ""
    }
}
