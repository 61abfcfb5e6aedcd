extension Schema {
    /// Adds what was put before every passage when its vector was made.
    static let version5 = [Self.passagePrefix]

    /// Nothing was, before there was this column.
    private static let passagePrefix = """
        ALTER TABLE embedding_model ADD COLUMN passage_prefix TEXT NOT NULL DEFAULT '';
        """
}
