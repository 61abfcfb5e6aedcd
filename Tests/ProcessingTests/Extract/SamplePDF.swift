/// A small PDF of lines of text, written by hand so that the tests need no other tool.
struct SamplePDF {
    /// The lines of each page; an empty line leaves a gap that makes paragraphs.
    var pages: [[String]]
    var title: String?

    var bytes: [UInt8] {
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count \(self.pages.count) /Kids [\(self.pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " "))] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        for (index, lines) in self.pages.enumerated() {
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
                    + "/Contents \(5 + 2 * index) 0 R >>"
            )
            let content = self.content(lines)
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        if let title = self.title { objects.append("<< /Title (\(title)) >>") }

        var file = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            file += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        let info = self.title == nil ? "" : " /Info \(objects.count) 0 R"
        file += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R\(info) >>\nstartxref\n\(table)\n%%EOF\n"
        return Array(file.utf8)
    }

    private func content(_ lines: [String]) -> String {
        var content = "BT /F 12 Tf 14 TL 72 770 Td"
        for line in lines {
            let escaped = line.flatMap { "()\\".contains($0) ? "\\\($0)" : "\($0)" }
            content += " (\(String(escaped))) Tj T*"
        }
        return content + " ET"
    }
}
