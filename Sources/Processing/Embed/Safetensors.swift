import FoundationEssentials

/// A safetensors file: named tensors behind a JSON header.
///
/// The header is read and bounded on opening; a tensor's place is checked when it is asked for, before any of it is
/// read, so a damaged header costs no memory. Source: the format's description in the safetensors repository.
package struct Safetensors: ~Copyable {
    /// The longest header that is read; the model's own has 11 KB.
    static let headerLimit = 1 << 20

    private let file: ModelFile
    private let entries: [String: Entry]
    private let dataStart: Int

    private struct Entry: Decodable {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?

        enum CodingKeys: String, CodingKey {
            case type = "dtype"
            case shape
            case offsets = "data_offsets"
        }
    }

    /// Opens a file and reads its header.
    ///
    /// - Throws: What is wrong with the file or its header.
    package init(path: String) throws(ModelError) {
        let file = try ModelFile(path: path)
        guard file.size >= 8 else {
            throw .damaged(path: path, reason: "it has \(file.size) bytes, too few for a header")
        }
        let length = try file.bytes(from: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.headerLimit, Int(length) <= file.size - 8 else {
            throw .damaged(path: path, reason: "its header claims \(length) bytes")
        }
        let header = try file.bytes(from: 8, count: Int(length))
        do {
            self.entries = try JSONDecoder().decode([String: Entry].self, from: Data(header))
        } catch {
            throw .damaged(path: path, reason: "its header is not the JSON of a safetensors file")
        }
        self.dataStart = 8 + Int(length)
        self.file = file
    }

    /// Reads a whole tensor of 32-bit floats.
    ///
    /// - Throws: `ModelError` when it is missing, of another type or shape, outside the file, or not finite.
    package func tensor(_ name: String, _ shape: Int...) throws(ModelError) -> [Float] {
        let start = try self.locate(name, shape: shape)
        return try self.floats(name, from: start, count: shape.reduce(1, *))
    }

    /// Reads a matrix of 32-bit floats a few rows at a time, so that it is never in memory as a whole.
    ///
    /// - Throws: As `tensor`.
    func forEachRow(
        of name: String,
        rows: Int,
        columns: Int,
        _ body: (ArraySlice<Float>) -> Void
    ) throws(ModelError) {
        let start = try self.locate(name, shape: [rows, columns])
        let rowsAtOnce = max(1, (1 << 18) / columns)
        for first in stride(from: 0, to: rows, by: rowsAtOnce) {
            let count = min(rowsAtOnce, rows - first) * columns
            let floats = try self.floats(name, from: start + first * columns * 4, count: count)
            for row in stride(from: 0, to: count, by: columns) { body(floats[row..<row + columns]) }
        }
    }

    /// The offset in the file of a tensor that is as expected and lies inside the file.
    private func locate(_ name: String, shape: [Int]) throws(ModelError) -> Int {
        guard let entry = self.entries[name] else { throw self.damaged("it has no tensor '\(name)'") }
        guard entry.type == "F32", entry.shape == shape else {
            throw self.damaged("its tensor '\(name)' is not F32 of shape \(shape)")
        }
        let size = shape.reduce(4, *)
        guard let offsets = entry.offsets, offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
            offsets[1] - offsets[0] == size
        else { throw self.damaged("its tensor '\(name)' does not have \(size) bytes") }
        guard offsets[1] <= self.file.size - self.dataStart else {
            throw self.damaged("it ends inside tensor '\(name)'")
        }
        return self.dataStart + offsets[0]
    }

    private func floats(_ name: String, from offset: Int, count: Int) throws(ModelError) -> [Float] {
        var floats = [Float](repeating: 0, count: count)
        var failure: ModelError?
        floats.withUnsafeMutableBytes { buffer in
            do throws(ModelError) { try self.file.read(from: offset, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        #if _endian(big)
            floats = floats.map { Float(bitPattern: $0.bitPattern.byteSwapped) }
        #endif
        guard floats.allSatisfy(\.isFinite) else {
            throw self.damaged("its tensor '\(name)' has values that are not finite")
        }
        return floats
    }

    private func damaged(_ reason: String) -> ModelError { .damaged(path: self.file.path, reason: reason) }
}
