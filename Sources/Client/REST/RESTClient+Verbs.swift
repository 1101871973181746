import Wire

extension RESTClient {
    /// `GET path`.
    public func get(_ path: String, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send("GET", path, headers: headers)
    }

    /// `DELETE path`.
    public func delete(_ path: String, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send("DELETE", path, headers: headers)
    }

    /// `POST path` without a body.
    public func post(_ path: String, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send("POST", path, headers: headers)
    }

    /// `POST path` with a JSON body; `RawJSON` is sent as it is.
    public func post(_ path: String, body: some Encodable, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send("POST", path, body: JSONByteEncoder().encode(body), headers: headers)
    }

    /// `PUT path` with a JSON body.
    public func put(_ path: String, body: some Encodable, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send("PUT", path, body: JSONByteEncoder().encode(body), headers: headers)
    }

    /// `PATCH path` with a JSON body.
    public func patch(_ path: String, body: some Encodable, headers: [(String, String)] = []) async throws -> RESTResponse {
        try await send("PATCH", path, body: JSONByteEncoder().encode(body), headers: headers)
    }
}
