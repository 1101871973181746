import Testing

@testable import Club

@Suite struct RushPlanTests {
    private let plan = RushPlan(bookings: 2_000, venues: 8, seed: 7)

    @Test func `the same seed makes the same plan, another one makes another`() {
        #expect(RushPlan(bookings: 2_000, venues: 8, seed: 7).attempts == plan.attempts)
        #expect(RushPlan(bookings: 2_000, venues: 8, seed: 8).attempts != plan.attempts)
    }

    @Test func `exactly as many bookings are attempted as were asked for`() {
        #expect(plan.attempts.count == 2_000)
        #expect(RushPlan(bookings: 1, venues: 2, seed: 1).attempts.count == 1)
    }

    @Test func `nobody asks twice for a slot`() {
        #expect(Set(plan.attempts).count == plan.attempts.count)
    }

    @Test func `where how many get in is known, nobody asks for another slot of that hour`() {
        var hoursOfPerson: [Int: Set<Int>] = [:]
        for attempt in plan.attempts where !plan.slots[attempt.slot].isTorn {
            let isFirst = hoursOfPerson[attempt.person, default: []].insert(plan.slots[attempt.slot].hour).inserted
            #expect(isFirst)
        }
    }

    @Test func `people are torn in every fourth hour, and nowhere else`() {
        var slotsOfPerson: [[Int]: Set<Int>] = [:]
        for attempt in plan.attempts { slotsOfPerson[[attempt.person, plan.slots[attempt.slot].hour], default: []].insert(attempt.slot) }
        let tornHours = Set(slotsOfPerson.filter { $0.value.count > 1 }.map { $0.key[1] })
        #expect(!tornHours.isEmpty)
        #expect(tornHours.allSatisfy { $0 % 4 == 3 })
    }

    @Test func `slots are wanted by more than they have room for, and by fewer`() {
        var demand = Array(repeating: 0, count: plan.slots.count)
        for attempt in plan.attempts { demand[attempt.slot] += 1 }
        for capacity in [1, RushPlan.sharedCapacity] {
            let wanted = zip(plan.slots, demand).filter { $0.0.capacity == capacity }.map(\.1)
            #expect(wanted.contains { $0 > capacity })
            #expect(wanted.contains { $0 <= capacity })
        }
    }

    @Test func `a slot lets in as many as it has room for, at most as many as ask`() {
        var demand = Array(repeating: 0, count: plan.slots.count)
        for attempt in plan.attempts { demand[attempt.slot] += 1 }
        for (index, expected) in plan.expected.enumerated() {
            #expect(expected == (plan.slots[index].isTorn ? nil : min(plan.slots[index].capacity, demand[index])))
        }
    }
}
