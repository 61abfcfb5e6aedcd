/// Which styles of an Excel workbook show a number as a date or a time.
///
/// Source: ECMA-376, part 1, "Styles", numFmt.
package final class SheetStyles: XMLEventHandler {
    private var formats: [Int: SerialDate.Parts] = [:]
    private var styles: [SerialDate.Parts] = []
    private var isInCells = false

    /// What the numbers of a style are shown as; empty for numbers.
    func parts(ofStyle index: Int) -> SerialDate.Parts {
        self.styles.indices.contains(index) ? self.styles[index] : []
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        switch name {
        case "numFmt":
            guard let id = attributes.value("numFmtId").flatMap({ Int($0) }) else { return }
            self.formats[id] = attributes.value("formatCode").map { Self.parts(ofFormat: $0) } ?? []
        case "cellXfs": self.isInCells = true
        case "xf" where self.isInCells:
            let id = attributes.value("numFmtId").flatMap { Int($0) } ?? 0
            self.styles.append(self.formats[id] ?? Self.parts(ofBuiltIn: id))
        default: break
        }
    }

    func end(_ name: String) { if name == "cellXfs" { self.isInCells = false } }
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    /// The formats that need no description.
    private static func parts(ofBuiltIn id: Int) -> SerialDate.Parts {
        switch id {
        case 14...17, 27...31, 36, 50...54, 57, 58: [.date]
        case 18...21, 32...35, 45...47, 55, 56: [.time]
        case 22: [.date, .time]
        default: []
        }
    }

    /// What a format has letters for, outside of quotes, brackets and escapes.
    package static func parts(ofFormat code: String) -> SerialDate.Parts {
        var parts: SerialDate.Parts = []
        var isQuoted = false
        var bracket: String?
        var isEscaped = false
        for character in code.lowercased() {
            if isEscaped {
                isEscaped = false
            } else if let content = bracket {
                bracket = character == "]" ? nil : content + String(character)
                // A count of hours, minutes or seconds.
                if character == "]", ["h", "hh", "m", "mm", "s", "ss"].contains(content) { parts.insert(.time) }
            } else {
                switch character {
                case "\"": isQuoted.toggle()
                case _ where isQuoted: break
                case "\\", "_", "*": isEscaped = true
                case "[": bracket = ""
                // What follows is for other numbers, or for text.
                case ";": return parts
                case "y", "d": parts.insert(.date)
                case "h", "s": parts.insert(.time)
                default: break
                }
            }
        }
        return parts
    }
}
