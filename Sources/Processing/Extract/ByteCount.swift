/// A number of bytes as people read it: `100 MB`, `1.5 kB`.
struct ByteCount: CustomStringConvertible {
    private let bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    var description: String {
        let units = ["kB", "MB", "GB", "TB"]
        guard self.bytes >= 1_000 else { return "\(self.bytes) bytes" }
        var tenths = self.bytes / 100
        var unit = 0
        while tenths >= 10_000, unit < units.count - 1 {
            tenths /= 1_000
            unit += 1
        }
        let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
        return "\(tenths / 10)\(fraction) \(units[unit])"
    }
}
