import Core
import HTTPTypes
import Wire

/// The OpenAPI 3.1 description of everything that is registered, generated from the declarations themselves.
public struct OpenAPIDocument: Sendable {
    /// The document, minified UTF-8 JSON.
    public let bytes: [UInt8]

    /// - Parameter version: of the build that answers.
    /// - Throws: `EncodingError`, never for endpoints that can be described.
    public init(describing api: API, version: String) throws {
        var components = SchemaComponents()
        // A listener of one surface says once where it is; among several, those that are elsewhere say so themselves.
        let bases = Set(api.endpoints.map(\.base))
        let base = bases.count == 1 ? api.endpoints.first?.base ?? "" : ""
        let paths = Self.paths(api, below: base, &components)
        let surfaces = api.endpoints.map(\.surface).reduce(into: [Surface]()) { found, surface in
            if !found.contains(where: { $0.name == surface.name }) { found.append(surface) }
        }
        let responses = Self.responses(of: surfaces, &components)
        let document: JSON = [
            "openapi": "3.1.0",
            "info": [
                "title": "Ringside",
                "version": .string(version),
                "description": "Booking by the hour, live. Changes are pushed over the WebSocket at /connection/websocket.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(base.isEmpty ? "/" : base)]],
            "tags": .array(surfaces.map { ["name": .string($0.name)] }),
            "paths": paths,
            "components": [
                "schemas": .object(components.components),
                "responses": responses,
                "parameters": ["IdempotencyKey": Self.idempotencyKey],
                "headers": Self.headers,
                "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]],
            ],
        ]
        bytes = try JSONByteEncoder().encode(document)
    }

    /// Operations by path; within a path in order of registration.
    private static func paths(_ api: API, below base: String, _ components: inout SchemaComponents) -> JSON {
        var paths: [(path: String, operations: JSON)] = []
        func add(_ operation: OpenAPIOperation) {
            let path = operation.pattern.description
            let index = paths.firstIndex { $0.path == path } ?? paths.endIndex
            if index == paths.endIndex {
                let server = operation.endpoint.base
                paths.append((path, server == base ? [:] : ["servers": [["url": .string(server)]]]))
            }
            paths[index].operations.add(operation.method.rawValue.lowercased(), operation.json(&components))
        }
        for endpoint in api.endpoints {
            let operation = endpoint.operation
            add(OpenAPIOperation(endpoint: endpoint, method: operation.method, pattern: PathPattern(operation.path), alias: 0))
            for (number, alias) in operation.aliases.enumerated() {
                add(OpenAPIOperation(endpoint: endpoint, method: alias.method, pattern: PathPattern(alias.path), alias: number + 1))
            }
        }
        return .object(paths.map { JSON.Member(name: $0.path, value: $0.operations) })
    }

    /// What refusals look like: for each surface that spells them in its own way, and for all others.
    private static func responses(of surfaces: [Surface], _ components: inout SchemaComponents) -> JSON {
        let problem = components.json(Schema(describing: ProblemShape.self))
        var responses: JSON = [:]
        for name in surfaces.map(OpenAPIOperation.refusalName).reduce(into: [String](), { if !$0.contains($1) { $0.append($1) } }) {
            var content: JSON = [:]
            let own = surfaces.first { OpenAPIOperation.refusalName(of: $0) == name }?.envelope.refusalSchema
            content.add("application/json", own.map { ["schema": components.json($0)] })
            content.add("application/problem+json", ["schema": problem])
            responses.add(name, ["description": "Any other refusal", "content": content])
            for status in OpenAPIOperation.refusalStatuses {
                responses.add("\(name)\(status.code)", ["description": .string(status.reasonPhrase), "content": content])
            }
        }
        return responses
    }

    private static let idempotencyKey: JSON = [
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description":
            "Names this call: sent again with the same key and the same request it changes nothing more and gets the first answer.",
        "schema": ["type": "string", "minLength": 1, "maxLength": .integer(Int64(Idempotency.keyBytesMax)), "pattern": "^[!-~]+$"],
    ]

    private static let headers: JSON = [
        "Location": ["description": "The address of what was created.", "schema": ["type": "string", "format": "uri-reference"]],
        "IdempotentReplayed": [
            "description": "`true` when an earlier call with the same key gave this answer.",
            "schema": ["type": "string", "enum": ["true"]],
        ],
        "Deprecation": [
            "description": "Since when this address is deprecated (RFC 9745); `Link` with `rel=\"successor-version\"` names its successor.",
            "schema": ["type": "string"],
        ],
    ]
}

extension JSON: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int64) { self = .integer(value) }
}

/// ``Problem`` as a client reads it.
private struct ProblemShape: Decodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let instance: String
    let code: String
    let requestID: String
    let errors: [FieldFailure]?
    let conflicts: [ConflictDetail]?
    let retryAfterMilliseconds: Int?

    enum CodingKeys: String, CodingKey {
        case type, title, status, detail, instance, code
        case requestID = "request_id"
        case errors, conflicts
        case retryAfterMilliseconds = "retryAfterMs"
    }
}
