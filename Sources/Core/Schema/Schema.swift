/// The shape of a JSON value, in the part of JSON Schema 2020-12 that OpenAPI 3.1 documents of this server use.
///
/// It is read off the Swift types by ``SchemaDecoder``; nothing is declared twice.
public struct Schema: Hashable, Sendable {
    /// What kind of value it is.
    public indirect enum Kind: Hashable, Sendable {
        /// Any JSON value.
        case any
        case string
        case integer
        case number
        case boolean
        case array(of: Schema)
        /// An object whose members are known.
        case object(ObjectSchema)
        /// An object with any members of one kind.
        case dictionary(of: Schema)
    }

    public var kind: Kind
    /// Whether `null` is as good as a value.
    public var isNullable = false
    /// A format of JSON Schema: `date-time`, `email`.
    public var format: String?
    /// A regular expression of ECMA-262.
    public var pattern: String?
    /// The only texts that are allowed.
    public var choices: [String]?
    public var minimum: Int64?
    public var maximum: Int64?
    /// In Unicode scalars.
    public var lengthMin: Int?
    /// In Unicode scalars.
    public var lengthMax: Int?
    public var itemsMax: Int?
    /// A text that the type accepts; the recording decoder needs one where not every text will do.
    public var example: String?

    public init(_ kind: Kind, format: String? = nil, pattern: String? = nil, example: String? = nil) {
        self.kind = kind
        self.format = format
        self.pattern = pattern
        self.example = example
    }

    /// The shape of a type as its `Decodable` conformance reads it.
    ///
    /// - Precondition: the type can be decoded from example values: enumerations with raw values are `CaseIterable`, and types that
    ///   accept few texts are ``SchemaDescribing``.
    public init<Value: Decodable>(describing type: Value.Type) {
        self = SchemaDecoder.describe(type).schema
    }

    /// The same shape with one rule more.
    func constrained(by constraint: Validation.Constraint) -> Schema {
        var schema = self
        switch constraint {
        case .minimum(let bound): schema.minimum = bound
        case .maximum(let bound): schema.maximum = bound
        case .lengthMin(let count): schema.lengthMin = count
        case .lengthMax(let count): schema.lengthMax = count
        case .itemsMax(let count): schema.itemsMax = count
        case .pattern(let pattern): schema.pattern = pattern
        case .format(let format): schema.format = format
        }
        return schema
    }
}

/// The members of a JSON object, in the order in which the type declares them.
public struct ObjectSchema: Hashable, Sendable {
    /// One member.
    public struct Property: Hashable, Sendable {
        public let name: String
        public var schema: Schema
        public let isRequired: Bool
    }

    /// The name of the Swift type, fit for a component of an API document: `Reservation`, `Page_Reservation`.
    public let name: String
    public internal(set) var properties: [Property]

    /// The shape of a request with the rules that its `validate` states.
    public init<E: Endpoint>(describingRequest type: E.Type) {
        let (example, schema) = SchemaDecoder.describe(type)
        guard case .object(var object) = schema.kind else {
            // A request without members decodes nothing.
            self.init(name: SchemaDecoder.name(of: type), properties: [])
            return
        }
        var check = Validation()
        example.validate(&check)
        for (field, constraint) in check.constraints {
            guard let index = object.properties.firstIndex(where: { $0.name == field }) else { continue }
            object.properties[index].schema = object.properties[index].schema.constrained(by: constraint)
        }
        self = object
    }

    /// The object with some of its members.
    public func keeping(_ isKept: (Property) -> Bool) -> ObjectSchema {
        ObjectSchema(name: name, properties: properties.filter(isKept))
    }

    init(name: String, properties: [Property]) {
        self.name = name
        self.properties = properties
    }
}
