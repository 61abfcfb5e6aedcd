/// The media types of text, by the extension of a file's name.
enum TextMediaType {
    /// Types whose text is prose between blank lines; line breaks of all others are kept.
    static let prose: Set<String> = [
        "text/plain", "text/x-rst", "text/x-tex", "text/x-org", "text/asciidoc", "text/x-wiki", "message/rfc822",
    ]

    /// Whether a media type is one of text that needs no parser.
    static func isText(_ mediaType: String) -> Bool {
        mediaType.hasPrefix("text/") || self.application.contains(mediaType)
    }

    /// The type that a name stands for if the content is text; nil for names that say nothing.
    static func named(_ name: FileName) -> String? {
        if let type = self.byExtension[name.fileExtension] { return type }
        return self.byName[name.lowercased]
    }

    private static let application: Set<String> = [
        "application/json", "application/xml", "application/yaml", "application/toml", "application/sql",
        "application/x-subrip", "application/x-sh", "message/rfc822",
    ]

    private static let byName = [
        "makefile": "text/x-makefile", "gnumakefile": "text/x-makefile", "dockerfile": "text/x-dockerfile",
        "cmakelists.txt": "text/x-cmake",
    ]

    /// Types with the extensions that stand for them.
    private static let extensions: [String: String] = [
        "text/plain": "txt text readme me nfo",
        "text/markdown": "md markdown mdown mkd mdx",
        "text/html": "html htm xhtml xht shtml",
        "text/x-rst": "rst rest",
        "text/x-tex": "tex latex ltx sty cls bib dtx",
        "text/x-org": "org",
        "text/asciidoc": "adoc asciidoc",
        "text/x-wiki": "wiki mediawiki",
        "message/rfc822": "eml",
        "text/x-log": "log",
        "text/csv": "csv",
        "text/tab-separated-values": "tsv tab",
        "text/css": "css scss sass less",
        "text/javascript": "js mjs cjs jsx",
        "text/x-typescript": "ts tsx mts",
        "text/x-python": "py pyi pyw",
        "text/x-c": "c h",
        "text/x-c++": "cc cpp cxx hh hpp hxx",
        "text/x-csharp": "cs",
        "text/x-objective-c": "m mm",
        "text/x-swift": "swift",
        "text/x-java": "java",
        "text/x-kotlin": "kt kts",
        "text/x-scala": "scala sbt",
        "text/x-go": "go",
        "text/x-rust": "rs",
        "text/x-ruby": "rb",
        "text/x-perl": "pl pm",
        "text/x-php": "php",
        "text/x-lua": "lua",
        "text/x-r": "r",
        "text/x-haskell": "hs",
        "text/x-erlang": "erl ex exs",
        "text/x-lisp": "lisp el clj scm",
        "text/x-fortran": "f f90 f95",
        "text/x-assembly": "asm s",
        "text/x-diff": "diff patch",
        "text/x-ini": "ini cfg conf properties desktop service",
        "text/x-cmake": "cmake",
        "text/x-makefile": "mk mak",
        "text/troff": "man roff",
        "text/vtt": "vtt",
        "text/calendar": "ics",
        "text/vcard": "vcf",
        "application/x-subrip": "srt",
        "application/x-sh": "sh bash zsh ksh",
        "application/json": "json jsonl ndjson geojson ipynb",
        "application/xml": "xml xsd xsl xslt dtd rss atom",
        "application/yaml": "yaml yml",
        "application/toml": "toml",
        "application/sql": "sql",
    ]

    private static let byExtension: [String: String] = {
        var result: [String: String] = [:]
        for (type, extensions) in TextMediaType.extensions {
            for name in extensions.split(separator: " ") { result[String(name)] = type }
        }
        return result
    }()
}
