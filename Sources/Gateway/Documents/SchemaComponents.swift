import Core

/// Writes schemas as JSON Schema 2020-12. An object with a name becomes a component that others refer to.
struct SchemaComponents {
    /// By name, in the order in which they were met.
    private(set) var components: [JSON.Member] = []

    /// A schema, or the reference to it.
    mutating func json(_ schema: Schema) -> JSON {
        if case .object(let object) = schema.kind {
            let reference = reference(to: object)
            return schema.isNullable ? ["anyOf": [reference, ["type": "null"]]] : reference
        }
        var json: JSON = [:]
        if let type = Self.typeName(schema.kind) {
            json.add("type", schema.isNullable ? [.string(type), "null"] : .string(type))
        }
        switch schema.kind {
        case .array(let element): json.add("items", self.json(element))
        case .dictionary(let value): json.add("additionalProperties", self.json(value))
        default: break
        }
        json.add("format", schema.format.map(JSON.string))
        json.add("pattern", schema.pattern.map(JSON.string))
        json.add("enum", schema.choices.map { .array($0.map(JSON.string) + (schema.isNullable ? [.null] : [])) })
        json.add("minimum", schema.minimum.map(JSON.integer))
        json.add("maximum", schema.maximum.map(JSON.integer))
        json.add("minLength", schema.lengthMin.map { .integer(Int64($0)) })
        json.add("maxLength", schema.lengthMax.map { .integer(Int64($0)) })
        json.add("maxItems", schema.itemsMax.map { .integer(Int64($0)) })
        json.add("examples", schema.example.map { [.string($0)] })
        return json
    }

    /// Names an object and refers to it. Two types of one name with different members get a number.
    mutating func reference(to object: ObjectSchema) -> JSON {
        let definition = definition(of: object)
        var name = object.name
        var number = 1
        while let known = components.first(where: { $0.name == name }), known.value != definition {
            number += 1
            name = "\(object.name)\(number)"
        }
        if !components.contains(where: { $0.name == name }) { components.append(JSON.Member(name: name, value: definition)) }
        return ["$ref": "#/components/schemas/\(name)"]
    }

    private mutating func definition(of object: ObjectSchema) -> JSON {
        var properties: [JSON.Member] = []
        for property in object.properties { properties.append(JSON.Member(name: property.name, value: json(property.schema))) }
        var definition: JSON = ["type": "object"]
        definition.add("properties", properties.isEmpty ? nil : .object(properties))
        let required = object.properties.filter(\.isRequired).map { JSON.string($0.name) }
        definition.add("required", required.isEmpty ? nil : .array(required))
        return definition
    }

    private static func typeName(_ kind: Schema.Kind) -> String? {
        switch kind {
        case .any: nil
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .array: "array"
        case .object, .dictionary: "object"
        }
    }
}
