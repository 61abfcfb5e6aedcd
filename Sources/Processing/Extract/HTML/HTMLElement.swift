/// What an HTML element means for the text in it.
enum HTMLElement: Equatable {
    /// Nothing in it is for readers: scripts, styles, navigation, controls.
    case skipped
    case title
    case heading(level: Int)
    case preformatted
    case listItem
    case table
    case tableRow
    case tableCell
    case lineBreak
    /// Text before it and text after it are different paragraphs.
    case block
    /// Like `block`, but common inside table cells, where it does not end the row.
    case paragraph
    /// Part of the paragraph it stands in.
    case inline

    init(named name: some StringProtocol) {
        self =
            switch name {
            case "script", "style", "template", "nav", "noscript", "svg", "iframe", "object", "canvas", "audio",
                "video",
                "button", "select", "textarea", "datalist", "dialog":
                .skipped
            case "title": .title
            case "h1": .heading(level: 1)
            case "h2": .heading(level: 2)
            case "h3": .heading(level: 3)
            case "h4": .heading(level: 4)
            case "h5": .heading(level: 5)
            case "h6": .heading(level: 6)
            case "pre", "listing", "xmp", "plaintext": .preformatted
            case "li", "dt", "dd": .listItem
            case "table": .table
            case "tr": .tableRow
            case "td", "th": .tableCell
            case "br": .lineBreak
            case "p", "div": .paragraph
            case "address", "article", "aside", "blockquote", "body", "caption", "center", "details", "dl", "fieldset",
                "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "main", "ol", "section",
                "summary", "tbody", "tfoot", "thead", "ul":
                .block
            default: .inline
            }
    }
}
