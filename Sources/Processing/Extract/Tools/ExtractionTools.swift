/// The programs of others that extraction uses, by absolute path.
package struct ExtractionTools: Equatable, Sendable {
    /// Text of PDF, by poppler.
    package var pdftotext: String
    /// Pictures of the pages of a PDF, by poppler.
    package var pdftoppm: String
    /// HTML of RTF.
    package var unrtf: String
    /// DocBook of Word's old documents.
    package var antiword: String
    /// Rows of Excel's old workbooks, by catdoc.
    package var xls2csv: String
    /// Text of pictures.
    package var tesseract: String

    package init(
        pdftotext: String = "/usr/bin/pdftotext",
        pdftoppm: String = "/usr/bin/pdftoppm",
        unrtf: String = "/usr/bin/unrtf",
        antiword: String = "/usr/bin/antiword",
        xls2csv: String = "/usr/bin/xls2csv",
        tesseract: String = "/usr/bin/tesseract"
    ) {
        self.pdftotext = pdftotext
        self.pdftoppm = pdftoppm
        self.unrtf = unrtf
        self.antiword = antiword
        self.xls2csv = xls2csv
        self.tesseract = tesseract
    }

    /// What to install for a program, for people; empty for one that no package brings.
    static func package(of path: String) -> String {
        let packages = [
            "pdftotext": "poppler-utils", "pdftoppm": "poppler-utils", "unrtf": "unrtf", "antiword": "antiword",
            "xls2csv": "catdoc", "tesseract": "tesseract-ocr",
        ]
        let name = path.split(separator: "/").last.map { String($0) } ?? ""
        return packages[name].map { " (Debian: \($0))" } ?? ""
    }
}
