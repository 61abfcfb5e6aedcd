import FoundationEssentials

/// Vectors as the bytes of `documents.embedding`: 32-bit floats, little-endian, nothing else.
///
/// It is the layout that sqlite-vec and numpy read as it is.
enum VectorCoding {
    static func encode(_ vector: [Float]) -> Data {
        // A closure, not a key path: this runs for every component of every chunk.
        vector.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
    }

    /// - Returns: nil when the length is not that of a vector with so many dimensions.
    static func decode(_ data: Data, dimensions: Int) -> [Float]? {
        guard data.count == dimensions * 4 else { return nil }
        return data.withUnsafeBytes { bytes in
            (0..<dimensions).map { index in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        }
    }
}
