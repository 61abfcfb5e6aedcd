extension String {
    /// The text between single quotes, short enough and safe enough for one line of a terminal.
    var quoted: String {
        var result = "'"
        for scalar in self.unicodeScalars.prefix(60) {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result + (self.unicodeScalars.count > 60 ? "…'" : "'")
    }
}
