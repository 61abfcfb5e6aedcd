import GRDB
import Ingest

/// The tables, and how a database of any earlier version gets to the newest one.
///
/// The version is kept in SQLite's `user_version`, so that a program that knows no migration can read it too.
enum Schema {
    /// The newest version that this program knows; one migration each, from 1.
    static let version = 6

    /// Tells the databases of this program from all others: `corp` in ASCII.
    static let applicationID = 0x636F_7270

    /// What a database file holds, before it is used.
    enum Condition: Equatable {
        /// No table at all.
        case empty
        /// Another program's tables.
        case foreign
        /// Our tables, of this version.
        case version(Int)
    }

    static func condition(of db: Database) throws -> Condition {
        let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id")
        guard applicationID == Self.applicationID else {
            let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
            return applicationID == 0 && objects == 0 ? .empty : .foreign
        }
        return .version(try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0)
    }

    /// Brings a database that is not newer up to `version`, each step in its own transaction.
    static func migrate(_ writer: any DatabaseWriter) throws {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
            for statements in Self.version1 { try db.execute(sql: statements) }
            try db.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { db in
            for statements in Self.version2 { try db.execute(sql: statements) }
            try db.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3") { db in
            for statements in Self.version3 { try db.execute(sql: statements) }
            try db.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4") { db in
            for statements in Self.version4 { try db.execute(sql: statements) }
            try db.execute(sql: "PRAGMA user_version = 4")
        }
        migrator.registerMigration("5") { db in
            for statements in Self.version5 { try db.execute(sql: statements) }
            try db.execute(sql: "PRAGMA user_version = 5")
        }
        migrator.registerMigration("6") { db in
            for statements in Self.version6 { try db.execute(sql: statements) }
            try db.execute(sql: "PRAGMA user_version = 6")
        }
        try migrator.migrate(writer)
    }
}
