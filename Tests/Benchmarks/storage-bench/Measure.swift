import Foundation

/// How long something took.
struct Measure {
    /// Seconds.
    var wall: Double
    /// Seconds of processor time of the whole process: what remains of `wall` when other programs are busy too.
    var processor: Double

    static func of(_ body: () async throws -> Void) async rethrows -> Measure {
        let start = ContinuousClock.now
        let processor = Self.processorTime()
        try await body()
        return Measure(
            wall: (ContinuousClock.now - start) / .seconds(1),
            processor: Self.processorTime() - processor
        )
    }

    var milliseconds: String { String(format: "%.1f ms (%.1f ms CPU)", self.wall * 1_000, self.processor * 1_000) }

    func rate(of count: Int) -> String {
        String(format: "%.0f a second (%.0f a CPU-second)", Double(count) / self.wall, Double(count) / self.processor)
    }

    static func distribution(_ measures: [Measure]) -> String {
        let wall = measures.map(\.wall).sorted()
        let processor = measures.map(\.processor).sorted()
        let middle = measures.count / 2
        let median = Measure(wall: wall[middle], processor: processor[middle])
        let late = Measure(wall: wall[measures.count * 9 / 10], processor: processor[measures.count * 9 / 10])
        return "median \(median.milliseconds), 90 % within \(late.milliseconds)"
    }

    static func report(_ name: String, _ value: String) { print("\(name): \(value)") }

    /// What the process holds in memory now.
    static func residentBytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (status.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
