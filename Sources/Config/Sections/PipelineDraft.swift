/// A pipeline as it is being read, with the positions that checks between pipelines report.
struct PipelineDraft {
    /// Its `id`, `kind` and `path` are right only if the whole file is.
    let pipeline: Config.Pipeline
    /// Nil when it is missing or wrong, which has been reported; so is `path`.
    let id: Located<String>?
    let path: Located<AbsolutePath>?

    /// Reads `pipelines`.
    static func all(from yaml: inout MappingReader) -> [PipelineDraft] {
        let advice = "list at least one folder, as in '- {id: documents, type: local_files, path: /srv/documents}'"
        let drafts = yaml.sections("pipelines") { PipelineDraft(from: &$0) }
        if !yaml.has("pipelines") {
            yaml.report("pipelines", "is missing: \(advice)", at: yaml.mark(of: "pipelines"))
        } else if yaml.isEmpty("pipelines") {
            yaml.report("pipelines", "is empty: \(advice)", at: yaml.mark(of: "pipelines"))
        }
        return drafts ?? []
    }

    private init(from yaml: inout MappingReader) {
        let directory = yaml.directory
        self.id = yaml.required("id", "give it a name, such as 'documents'", Self.id)
        let kind = yaml.required(
            "type", "write 'type: local_files'", Config.Pipeline.Kind.init(choosing:)
        )
        self.path = yaml.required("path", "name the folder to watch") { scalar throws(InvalidValue) in
            try AbsolutePath(scalar.text, relativeTo: directory)
        }
        let interval = yaml.duration("check_interval", in: .seconds(1) ... .seconds(604_800), default: .seconds(60))
        let include = yaml.list("include", GlobSyntax.pattern)
        // A list of nothing would read as no file but mean every file.
        if include?.isEmpty == true, yaml.isEmpty("include") {
            yaml.report("include", "is empty: remove it to include every file", at: yaml.mark(of: "include"))
        }
        self.pipeline = Config.Pipeline(
            id: self.id?.value ?? "",
            kind: kind?.value ?? .localFiles,
            path: self.path?.value.string ?? "",
            checkInterval: interval,
            include: include ?? [],
            exclude: yaml.list("exclude", GlobSyntax.pattern) ?? [],
            maxFileSize: yaml.byteCount(
                "max_file_size", in: ByteCount(bytes: 1_000) ... .megabytes(10_000), default: .megabytes(100)
            ),
            settle: yaml.duration("settle", in: .milliseconds(100) ... .seconds(600), default: .seconds(2)),
            includesHidden: yaml.bool("hidden", default: false),
            followsLinks: yaml.bool("follow_symlinks", default: false),
            deletion: yaml.section("deletion") { Config.Pipeline.Deletion(from: &$0) }
        )
    }

    private static func id(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
        let isAllowed = scalar.text.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
        }
        guard isAllowed, (1...64).contains(scalar.text.utf8.count) else {
            throw InvalidValue("must be 1 to 64 of a-z, 0-9, '_' and '-', not \(scalar.text.quoted)")
        }
        return scalar.text
    }
}
