/// Settings that many hold on to: one copy, however many connections there are.
@dynamicMemberLookup
struct SharedSettings: Sendable {
    private final class Storage: Sendable {
        let settings: HubSettings

        init(_ settings: HubSettings) { self.settings = settings }
    }

    private let storage: Storage

    init(_ settings: HubSettings) {
        storage = Storage(settings)
    }

    subscript<Value>(dynamicMember path: KeyPath<HubSettings, Value> & Sendable) -> Value { storage.settings[keyPath: path] }
}
