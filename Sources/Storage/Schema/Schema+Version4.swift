extension Schema {
    /// Adds which sheet of its file a row is from.
    static let version4 = ["ALTER TABLE document_rows ADD COLUMN sheet TEXT;"]
}
