import Core
import HTTPTypes

/// Writes one endpoint as an OpenAPI operation object, at its own address or at an alias.
struct OpenAPIOperation {
    let endpoint: RegisteredEndpoint
    let method: HTTPRequest.Method
    let pattern: PathPattern
    /// Zero for the canonical address, else the number of the alias.
    let alias: Int

    private var operation: Operation { endpoint.operation }
    private var hasBody: Bool { method != .get && method != .delete }

    func json(_ components: inout SchemaComponents) -> JSON {
        let request = endpoint.requestSchema()
        let pathNames = Set(pattern.parameters)
        var json: JSON = [
            "operationId": .string(alias == 0 ? operation.id : "\(operation.id).alias\(alias)"),
            "summary": .string(operation.summary),
            "tags": [.string(endpoint.surface.name)],
        ]
        json.add("deprecated", alias == 0 ? nil : true)
        let parameters = parameters(request, pathNames, &components)
        json.add("parameters", parameters.isEmpty ? nil : .array(parameters))
        json.add("requestBody", requestBody(request, pathNames, &components))
        json.add("responses", responses(&components))
        json.add("security", operation.access == .everyone ? [] : [["bearer": []]])
        json.add("x-roles", roles)
        return json
    }

    private var roles: JSON? {
        switch operation.access {
        case .everyone: nil
        case .signedIn: .array(Role.allCases.map { .string($0.rawValue) })
        case .administrators: .array(Role.allCases.filter(\.isAdministrator).map { .string($0.rawValue) })
        }
    }

    private func parameters(_ request: ObjectSchema, _ pathNames: Set<String>, _ components: inout SchemaComponents) -> [JSON] {
        var parameters: [JSON] = []
        for property in request.properties where pathNames.contains(property.name) || !hasBody {
            let isPath = pathNames.contains(property.name)
            var schema = property.schema
            // A parameter is a text: it is there or not, never null.
            schema.isNullable = false
            parameters.append([
                "name": .string(property.name), "in": isPath ? "path" : "query", "required": .bool(isPath || property.isRequired),
                "schema": components.json(schema),
            ])
        }
        // A name in the path that the request type does not read still has to be described.
        let known = Set(request.properties.map(\.name))
        for name in pattern.parameters where !known.contains(name) {
            parameters.append(["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]])
        }
        if operation.isIdempotencyAware { parameters.append(["$ref": "#/components/parameters/IdempotencyKey"]) }
        return parameters
    }

    private func requestBody(_ request: ObjectSchema, _ pathNames: Set<String>, _ components: inout SchemaComponents) -> JSON? {
        guard hasBody else { return nil }
        let body = request.keeping { !pathNames.contains($0.name) }
        guard !body.properties.isEmpty else { return nil }
        return [
            "required": .bool(body.properties.contains(where: \.isRequired)),
            "content": ["application/json": ["schema": components.reference(to: body)]],
        ]
    }

    private func responses(_ components: inout SchemaComponents) -> JSON {
        var success: JSON = ["description": .string(operation.success.reasonPhrase)]
        var headers: JSON = [:]
        if operation.success == .created { headers.add("Location", ["$ref": "#/components/headers/Location"]) }
        if operation.isIdempotencyAware { headers.add("Idempotent-Replayed", ["$ref": "#/components/headers/IdempotentReplayed"]) }
        if alias > 0 { headers.add("Deprecation", ["$ref": "#/components/headers/Deprecation"]) }
        success.add("headers", headers == [:] ? nil : headers)
        if let schema = endpoint.responseSchema() {
            success.add("content", ["application/json": ["schema": components.json(schema)]])
        }
        var responses: JSON = [:]
        responses.add("\(operation.success.code)", success)
        let name = Self.refusalName(of: endpoint.surface)
        for status in refusals { responses.add("\(status.code)", ["$ref": "#/components/responses/\(name)\(status.code)"]) }
        responses.add("default", ["$ref": "#/components/responses/\(name)"])
        return responses
    }

    /// The refusals that the declaration makes possible; a service may add others.
    private var refusals: [HTTPResponse.Status] {
        var statuses: [HTTPResponse.Status] = [.badRequest, .unauthorized]
        if operation.access != .everyone { statuses.append(.forbidden) }
        if !pattern.parameters.isEmpty { statuses.append(.notFound) }
        if method != .get { statuses.append(.conflict) }
        if hasBody { statuses += [.contentTooLarge, .unsupportedMediaType] }
        let invalid = endpoint.surface.envelope.kind(of: ValidationError([])).status
        if !statuses.contains(invalid) { statuses.append(invalid) }
        return statuses
    }

    /// The component that describes a surface's refusals; surfaces that spell them alike share one.
    static func refusalName(of surface: Surface) -> String {
        surface.envelope.refusalSchema == nil ? "Problem" : surface.name.prefix(1).uppercased() + surface.name.dropFirst() + "Problem"
    }

    /// Every status that ``refusals`` can name.
    static let refusalStatuses: [HTTPResponse.Status] = [
        .badRequest, .unauthorized, .forbidden, .notFound, .conflict, .contentTooLarge, .unsupportedMediaType, .unprocessableContent,
    ]
}
