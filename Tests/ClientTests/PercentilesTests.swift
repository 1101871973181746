import Client
import Testing

@Suite struct PercentilesTests {
    private func milliseconds(_ values: some Sequence<Int>) -> Percentiles {
        Percentiles(values.map { .milliseconds($0) })
    }

    @Test func `nearest rank answers a sample that was measured`() {
        let percentiles = milliseconds((1...100).reversed())

        #expect(percentiles[50] == .milliseconds(50))
        #expect(percentiles[99] == .milliseconds(99))
        #expect(percentiles[99.1] == .milliseconds(100))
    }

    @Test func `the ends are the smallest and the largest sample`() {
        let percentiles = milliseconds([3, 1, 2])

        #expect(percentiles[0] == .milliseconds(1))
        #expect(percentiles[100] == .milliseconds(3))
        #expect(percentiles[-5] == .milliseconds(1))
        #expect(percentiles[500] == .milliseconds(3))
    }

    @Test func `without samples there is no percentile`() {
        #expect(milliseconds([])[50] == nil)
    }
}
