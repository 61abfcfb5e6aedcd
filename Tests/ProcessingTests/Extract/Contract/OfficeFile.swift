import FoundationEssentials

/// A document that a real program wrote, by its path in the folder that `Tests/Fixtures/make-office` fills.
enum OfficeFile: String, CaseIterable {
    case docx = "report.docx"
    case docxOfLibreOffice = "libreoffice/report.docx"
    case doc = "report.doc"
    case odt = "report.odt"
    case rtf = "report.rtf"
    case epub = "report.epub"
    case pptx = "slides.pptx"
    case odp = "slides.odp"
    case xlsx = "sheets.xlsx"
    case ods = "sheets.ods"
    case xls = "sheets.xls"
    case png = "picture.png"
    case jpeg = "picture.jpg"
    case tiff = "picture.tiff"
    case webp = "picture.webp"
    case gif = "picture.gif"

    /// Some of what stands in it, in reading order.
    var words: [String] {
        switch self {
        case .docx, .docxOfLibreOffice, .doc, .odt, .rtf, .epub:
            ["zephyr", "second item", "Closing words", "marimba"]
        case .pptx, .odp: ["zephyr", "thirty gondolas", "marimba"]
        case .xlsx, .ods, .xls: ["zephyr point", "pelican quay", "marimba"]
        case .png, .jpeg, .tiff, .webp, .gif: ["900 × 160 pixels"]
        }
    }

    var mediaType: String {
        switch self {
        case .docx, .docxOfLibreOffice: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .doc: "application/msword"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .rtf: "application/rtf"
        case .epub: "application/epub+zip"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .odp: "application/vnd.oasis.opendocument.presentation"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .ods: "application/vnd.oasis.opendocument.spreadsheet"
        case .xls: "application/vnd.ms-excel"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .tiff: "image/tiff"
        case .webp: "image/webp"
        case .gif: "image/gif"
        }
    }

    /// The path of such a document without any text; nil where there always is some.
    ///
    /// What antiword and xls2csv make of one cannot be told from what they make of a damaged file.
    var blank: String? {
        switch self {
        case .docx, .docxOfLibreOffice: "blank/blank.docx"
        case .odt: "blank/blank.odt"
        case .rtf: "blank/blank.rtf"
        case .pptx: "blank/blank.pptx"
        case .odp: "blank/blank.odp"
        case .xlsx: "blank/blank.xlsx"
        case .ods: "blank/blank.ods"
        case .doc, .xls, .epub, .png, .jpeg, .tiff, .webp, .gif: nil
        }
    }

    static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(try Setting.office.value())/\(path)")))
    }
}
