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

    /// - Parameter name: In lower case.
    init(named name: String) { self = Self.byName[name] ?? .inline }

    private static let byName: [String: HTMLElement] = {
        var result: [String: HTMLElement] = [:]
        for (element, names) in Self.names {
            for name in names.split(separator: " ") { result[String(name)] = element }
        }
        return result
    }()

    private static let names: [(HTMLElement, String)] = [
        (
            .skipped,
            "script style template nav noscript svg iframe object canvas audio video button select "
                + "textarea datalist dialog"
        ),
        (.title, "title"),
        (.heading(level: 1), "h1"),
        (.heading(level: 2), "h2"),
        (.heading(level: 3), "h3"),
        (.heading(level: 4), "h4"),
        (.heading(level: 5), "h5"),
        (.heading(level: 6), "h6"),
        (.preformatted, "pre listing xmp plaintext"),
        (.listItem, "li dt dd"),
        (.table, "table"),
        (.tableRow, "tr"),
        (.tableCell, "td th"),
        (.lineBreak, "br"),
        (.paragraph, "p div"),
        (
            .block,
            "address article aside blockquote body caption center details dl fieldset figcaption figure "
                + "footer form header hr html legend main ol section summary tbody tfoot thead ul"
        ),
    ]
}
