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
            if arithmetic == .fastest { Self.measureTokenizer(embedder, reference) }
        }
        try await pool.shutdownGracefully()
    }

    private static func measure(_ embedder: MiniLMEmbedder, _ reference: Reference) async throws {
        for length in [400, 1000] {
            let passages = reference.english(length: length)
            let texts = passages.map(\.text)
            let tokens = texts.reduce(0) { $0 + embedder.tokenCount($1[...]) + 2 } / texts.count
            _ = try await embedder.embed(Array(texts.prefix(4)))
            let start = Self.processorTime()
            let vectors = try await embedder.embed(texts)
            let seconds = Self.processorTime() - start

            let cosines = zip(vectors, passages).map { zip($0, $1.vector).reduce(0) { $0 + $1.0 * $1.1 } }
            let mean = cosines.reduce(0, +) / Float(cosines.count)
            print(
                "  \(length) characters, \(tokens) tokens: \(Self.round(Double(texts.count) / seconds)) chunks per",
                "CPU-second; cosine mean \(mean), least \(cosines.min() ?? 0)"
            )
        }
    }

    /// Prints how fast text is split into pieces: prose, and lines in many scripts.
    private static func measureTokenizer(_ embedder: MiniLMEmbedder, _ reference: Reference) {
        let samples = [
            ("prose", reference.english(length: 1000).map(\.text).joined(separator: " ")),
            ("many scripts", reference.lines.map(\.text).joined(separator: "\n")),
        ]
        for (name, sample) in samples {
            let text = String(repeating: sample, count: 8_000_000 / sample.utf8.count)
            let start = Self.processorTime()
            _ = embedder.tokenCount(text[...])
            let speed = Double(text.utf8.count) / 1e6 / (Self.processorTime() - start)
            print("tokenizer, \(name): \(Self.round(speed)) MB per CPU-second")
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
