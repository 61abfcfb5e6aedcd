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
        self.id = yaml.required("id", "give it a name, such as 'documents'", Self.id)
        let kind = yaml.required(
            "type", "write 'type: local_files' or 'type: google_drive'", Config.Pipeline.Kind.init(choosing:)
        )
        // Where the type is wrong, the other keys tell what was meant.
        let isDrive = kind.map { $0.value == .googleDrive } ?? yaml.has("credentials")
        self.path = isDrive ? nil : Self.path(from: &yaml)
        var drive = isDrive ? Config.Pipeline.GoogleDrive(from: &yaml) : nil
        let interval = yaml.duration("check_interval", in: .seconds(1) ... .seconds(604_800), default: .seconds(60))
        let include = yaml.list("include", GlobSyntax.pattern)
        // A list of nothing would read as no file but mean every file.
        if include?.isEmpty == true, yaml.isEmpty("include") {
            yaml.report("include", "is empty: remove it to include every file", at: yaml.mark(of: "include"))
        }
        let exclude = yaml.list("exclude", GlobSyntax.pattern) ?? []
        let maxFileSize = yaml.byteCount(
            "max_file_size", in: ByteCount(bytes: 1_000) ... .megabytes(10_000), default: .megabytes(100)
        )
        drive?.readRest(from: &yaml)
        let settle = Duration.seconds(2)
        self.pipeline = Config.Pipeline(
            id: self.id?.value ?? "",
            kind: isDrive ? .googleDrive : .localFiles,
            path: isDrive ? nil : self.path?.value.string ?? "",
            drive: drive,
            checkInterval: interval,
            include: include ?? [],
            exclude: exclude,
            maxFileSize: maxFileSize,
            settle: isDrive
                ? settle : yaml.duration("settle", in: .milliseconds(100) ... .seconds(600), default: settle),
            includesHidden: isDrive ? false : yaml.bool("hidden", default: false),
            followsLinks: isDrive ? false : yaml.bool("follow_symlinks", default: false),
            deletion: yaml.section("deletion") { Config.Pipeline.Deletion(from: &$0) }
        )
        if let kind { Self.refuseForeignKeys(of: kind.value, in: &yaml) }
    }

    private static func path(from yaml: inout MappingReader) -> Located<AbsolutePath>? {
        let directory = yaml.directory
        return yaml.required("path", "name the folder to watch") { scalar throws(InvalidValue) in
            try AbsolutePath(scalar.text, relativeTo: directory)
        }
    }

    /// Reports the keys that only pipelines of another type have.
    private static func refuseForeignKeys(of kind: Config.Pipeline.Kind, in yaml: inout MappingReader) {
        switch kind {
        case .localFiles:
            yaml.refuse(
                Config.Pipeline.GoogleDrive.keys, "belongs to 'type: google_drive': remove it, or correct 'type'")
        case .googleDrive:
            yaml.refuse(
                ["path", "settle", "hidden", "follow_symlinks"],
                "belongs to 'type: local_files': remove it, or correct 'type'"
            )
        }
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
