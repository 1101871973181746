internal import SwiftProtobuf

/// A message, or a part of one, with a counterpart in the generated code.
protocol ProtobufMapped {
    associatedtype Form

    init(_ form: Form, _ payloads: PayloadBytes) throws(FrameError)
    func form(_ payloads: PayloadBytes) -> Form
}

/// Maps of a client's choosing are bounded as those of the JSON form are.
func readEntries<Value: ProtobufMapped>(
    _ entries: [String: Value.Form], _ payloads: PayloadBytes
) throws(FrameError) -> [String: Value] {
    guard entries.count <= JSONElement.entriesMax else { throw .malformed }
    var values: [String: Value] = Dictionary(minimumCapacity: entries.count)
    for (key, form) in entries { values[key] = try Value(form, payloads) }
    return values
}

func readEntries(_ entries: [String: String]) throws(FrameError) -> [String: String] {
    guard entries.count <= JSONElement.entriesMax else { throw .malformed }
    return entries
}

func readElements<Value: ProtobufMapped>(_ forms: [Value.Form], _ payloads: PayloadBytes) throws(FrameError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(forms.count)
    for form in forms { values.append(try Value(form, payloads)) }
    return values
}

/// The one alternative that is set among several; of two, neither holds.
struct OneOf<Value> {
    private(set) var value: Value?

    mutating func take(_ isSet: Bool, _ read: () throws(FrameError) -> Value) throws(FrameError) {
        guard isSet else { return }
        guard value == nil else { throw .severalCommands }
        value = try read()
    }
}
