import FoundationEssentials

/// How much random tests do, and where they start.
package enum Fuzz {
    /// The budget of a test, times `CORPUSD_FUZZ_ITERATIONS` where that is set.
    package static func iterations(_ count: Int) -> Int {
        let factor = ProcessInfo.processInfo.environment["CORPUSD_FUZZ_ITERATIONS"].flatMap { Int($0) } ?? 1
        return count * max(factor, 1)
    }

    /// A new seed, or that of a failure: `CORPUSD_FUZZ_SEED`.
    package static func seed(_ name: String) -> UInt64 {
        let given = ProcessInfo.processInfo.environment["CORPUSD_FUZZ_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("\(name) seed: \(seed)")
        return seed
    }
}
