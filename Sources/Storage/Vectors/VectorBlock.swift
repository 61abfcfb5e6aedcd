import FoundationEssentials

/// A row of `vector_blocks`: the quantised vectors of consecutive chunks of one document, packed.
package struct VectorBlock: Equatable {
    /// The most vectors in one row; keeps a row below a megabyte with common models.
    package static let capacity = 1_024

    /// Chunk ids count up from 1 and cannot get here; arithmetic with lower ones does not overflow.
    static let highestChunk: Int64 = 1 << 56

    package var firstChunk: Int64
    /// `pipeline_state.id`.
    package var pipeline: Int32
    package var scales: [Float]
    /// `[scales.count][dimensions]`.
    package var codes: [Int8]

    /// Packs the vectors of a run of chunks, finite components only.
    package init(firstChunk: Int64, pipeline: Int32, vectors: ArraySlice<[Float]>) {
        let quantized = vectors.map(QuantizedVector.init)
        self.firstChunk = firstChunk
        self.pipeline = pipeline
        self.scales = quantized.map(\.scale)
        self.codes = quantized.flatMap(\.codes)
    }

    /// Unpacks a row.
    ///
    /// - Returns: nil when the lengths do not fit together: the row is damaged.
    init?(firstChunk: Int64, count: Int, pipeline: Int32, scales: Data, codes: Data, dimensions: Int) {
        guard (1...Self.highestChunk).contains(firstChunk), (1...Self.capacity).contains(count),
            codes.count == count * dimensions,
            let scales = VectorCoding.decode(scales, dimensions: count), scales.allSatisfy(\.isFinite)
        else { return nil }
        self.firstChunk = firstChunk
        self.pipeline = pipeline
        self.scales = scales
        self.codes = codes.withUnsafeBytes { [Int8]($0.bindMemory(to: Int8.self)) }
    }

    var packedScales: Data { VectorCoding.encode(self.scales) }
    var packedCodes: Data { self.codes.withUnsafeBytes { Data($0) } }
}
