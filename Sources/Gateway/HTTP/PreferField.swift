import HTTPTypes

/// What a client would like to get back from a change (RFC 7240).
enum PreferField {
    static let representation = "return=representation"

    static func asksForRepresentation(_ fields: HTTPFields) -> Bool {
        guard let value = fields[.prefer] else { return false }
        return value.split(separator: ",").contains { preference in
            preference.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased() == representation
        }
    }
}
