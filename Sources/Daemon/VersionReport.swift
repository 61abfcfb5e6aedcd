package import Config
import Ingest
package import Logging
import SocketIO
import Storage

/// The answer of `corpusd version`: of what version the program is, and perhaps its database.
package struct VersionReport: Sendable {
    /// What is known of a database.
    package struct Database: Equatable, Sendable {
        package var path: String
        /// Nil while there is none.
        package var schema: Int?
        /// `builtin/all-MiniLM-L6-v2`; nil while that cannot be read.
        package var model: String?

        package init(path: String, schema: Int? = nil, model: String? = nil) {
            (self.path, self.schema, self.model) = (path, schema, model)
        }
    }

    private let database: Database?

    /// The program alone.
    package init() { self.database = nil }

    /// The program, and the database of a configuration.
    ///
    /// - Throws: `StoreError` for a file that cannot be read, or is no database of this program.
    package init(config: Config, logger: Logger) async throws {
        var database = Database(path: config.store.path)
        do {
            let store = try await config.openStore(for: nil, access: .readOnly, logger: logger)
            database.schema = SQLiteStore.schemaVersion
            database.model = "\(store.model.provider)/\(store.model.name)"
            try await store.close()
        } catch StoreError.missing {
            // The first start makes it.
        } catch StoreError.olderSchema(_, let found, _) {
            database.schema = found
        } catch StoreError.newerSchema(_, let found, _) {
            database.schema = found
        }
        self.database = database
    }

    /// The program, and what is known of a database.
    package init(database: Database) { self.database = database }

    /// One line.
    package var json: String {
        var report: [String: JSONValue] = [
            "version": .string(Version.current), "schema": .int(SQLiteStore.schemaVersion),
        ]
        if let database {
            report["database"] = .object([
                "path": .string(database.path), "schema": Wire.int(database.schema),
                "model": Wire.string(database.model),
            ])
        }
        return String(decoding: JSONValue.object(report).encoded(), as: UTF8.self)
    }

    /// A line, and one for the database.
    package var text: String {
        let program = "corpusd \(Version.current)"
        guard let database else { return program }
        return "\(program)\ndatabase '\(TerminalText.printable(database.path))': \(Self.words(database))"
    }

    private static func words(_ database: Database) -> String {
        let own = SQLiteStore.schemaVersion
        guard let schema = database.schema else { return "not there yet; the first start makes it" }
        if schema > own { return "schema \(schema), newer than \(own), which this program knows" }
        if schema < own { return "schema \(schema); the next start brings it to \(own)" }
        return "schema \(schema)" + (database.model.map { ", vectors of \(TerminalText.printable($0))" } ?? "")
    }
}
