import Glibc
import Ingest
import NIOPosix
import Processing

/// Prints how many chunks the built-in embedder does in a second of processor time, and how near it comes to the
/// float32 reference, for each arithmetic that this processor has.
///
/// usage: embed-bench MODEL-DIRECTORY REFERENCE-JSON
@main
enum EmbedBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            print("usage: embed-bench MODEL-DIRECTORY REFERENCE-JSON")
            exit(64)
        }
        let reference = try Reference(path: arguments[2])
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        for arithmetic in Arithmetic.all {
            let start = Self.processorTime()
            let embedder = try MiniLMEmbedder(directory: arguments[1], threadPool: pool, arithmetic: arithmetic)
            print("\(arithmetic): loaded in \(Self.round(Self.processorTime() - start)) s of processor time")
            try await Self.measure(embedder, reference)
        }
        try await pool.shutdownGracefully()
    }

    private static func measure(_ embedder: MiniLMEmbedder, _ reference: Reference) async throws {
        for length in [400, 1000] {
            let passages = reference.passages.filter { ($0.text.count > 500) == (length == 1000) }
            let texts = passages.map(\.text)
            _ = try await embedder.embed(Array(texts.prefix(4)))
            let start = Self.processorTime()
            let vectors = try await embedder.embed(texts)
            let seconds = Self.processorTime() - start

            let cosines = zip(vectors, passages).map { zip($0, $1.vector).reduce(0) { $0 + $1.0 * $1.1 } }
            let mean = cosines.reduce(0, +) / Float(cosines.count)
            print(
                "  \(length) characters: \(Self.round(Double(texts.count) / seconds)) chunks per CPU-second;",
                "cosine mean \(mean), least \(cosines.min() ?? 0)"
            )
        }
    }

    /// Seconds of processor time that this process has used on all its threads.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
