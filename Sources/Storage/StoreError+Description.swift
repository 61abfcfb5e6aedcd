import Ingest

extension StoreError {
    package var description: String {
        switch self {
        case .missing, .isDirectory, .notPermitted, .readOnlyFileSystem, .cannotOpen, .inUse:
            self.accessDescription
        case .notADatabase, .foreign, .newerSchema, .olderSchema, .otherModel, .damaged:
            self.contentDescription
        case .diskFull, .locked, .openedReadOnly, .closed, .inputOutput, .unusableVectors, .unexpected:
            self.operationDescription
        }
    }

    /// The file cannot be reached.
    private var accessDescription: String {
        switch self {
        case .missing(let path):
            "cannot open the database '\(path)': there is none yet; run 'corpusd serve' first, or correct 'store.path'"
        case .isDirectory(let path):
            "cannot open the database '\(path)': it is a directory; name a file in 'store.path'"
        case .notPermitted(let path, let what, let userID):
            "cannot open the database '\(path)': user id \(userID) may not \(what); "
                + "correct its owner and mode, or choose another 'store.path'"
        case .readOnlyFileSystem(let path):
            "cannot open the database '\(path)': the file system is read-only; "
                + "mount it writable, or choose another 'store.path'"
        case .cannotOpen(let path, let reason):
            "cannot open the database '\(path)': \(reason); correct 'store.path'"
        case .inUse(let path, let process):
            "cannot open the database '\(path)': \(process.map { "process \($0)" } ?? "another process") "
                + "writes to it; stop that one first, or choose another 'store.path'"
        default: self.typeName
        }
    }

    /// The file is not what this program can use.
    private var contentDescription: String {
        switch self {
        case .notADatabase(let path):
            "cannot open the database '\(path)': it is not an SQLite database; "
                + "move the file away, or correct 'store.path'"
        case .foreign(let path):
            "cannot open the database '\(path)': it belongs to another program; correct 'store.path'"
        case .newerSchema(let path, let found, let supported):
            "cannot open the database '\(path)': its schema is version \(found) and this corpusd knows up to "
                + "\(supported); install the newer corpusd again, or delete the database to have it built anew"
        case .olderSchema(let path, let found, let needed):
            "cannot open the database '\(path)': its schema is version \(found) and this corpusd needs \(needed); "
                + "run 'corpusd serve' once, which brings it up to date"
        case .otherModel(let path, let stored, let configured):
            "cannot open the database '\(path)': its vectors were made by \(Self.name(stored)) and the configuration "
                + "asks for \(Self.name(configured)); run 'corpusd reembed' to have every "
                + "passage embedded again while the old vectors serve, or restore the 'embedding' settings"
        case .damaged(let path):
            "cannot use the database '\(path)': it is damaged; restore a backup, "
                + "or delete it to have every document stored again"
        default: self.typeName
        }
    }

    /// The file is fine, and still it did not work.
    private var operationDescription: String {
        switch self {
        case .diskFull(let path):
            "cannot write to the database '\(path)': the disk is full; make room, the document is then tried again"
        case .locked(let path):
            "cannot use the database '\(path)': another program keeps it locked; end what holds it"
        case .openedReadOnly(let path):
            "cannot write to the database '\(path)': it is open for reading only; leave writing to 'corpusd serve'"
        case .closed(let path):
            "cannot use the database '\(path)': it has been closed; the daemon is stopping, start it again"
        case .inputOutput(let path, let code):
            "cannot use the database '\(path)': the disk reported an error (SQLite \(code)); "
                + "look into the kernel log"
        case .unusableVectors(let reason):
            "cannot store the document: \(reason); check the embedding service"
        case .unexpected(let path, let code):
            "cannot use the database '\(path)': SQLite answered with code \(code); report this with the log"
        default: self.typeName
        }
    }

    private static func name(_ model: EmbeddingModel) -> String {
        var traits = ["\(model.dimensions) dimensions"]
        if !model.revision.isEmpty { traits.append("revision '\(model.revision)'") }
        if !model.passagePrefix.isEmpty {
            traits.append("passages behind '\(model.passagePrefix.replacing("\n", with: "\\n"))'")
        }
        return "'\(model.provider)/\(model.name)' (\(traits.joined(separator: ", ")))"
    }
}
