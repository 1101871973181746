/// Runs a body, and cleans up behind it however it ends; `defer` can't wait.
///
/// - Throws: what the body throws.
func running<Result>(_ body: () async throws -> Result, finally cleanUp: () async -> Void) async throws -> Result {
    do {
        let result = try await body()
        await cleanUp()
        return result
    } catch {
        await cleanUp()
        throw error
    }
}
