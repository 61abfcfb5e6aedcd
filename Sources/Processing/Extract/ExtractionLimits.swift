/// What extracting one document may cost at most; what would cost more fails with an `ExtractionError`.
package struct ExtractionLimits: Equatable, Sendable {
    /// The largest file that is read, in bytes.
    package var fileBytes: Int
    /// The most text that is taken from one document, in bytes of UTF-8.
    package var textBytes: Int
    /// The most paragraphs that are taken from one document; each costs memory beyond its text.
    package var blocks: Int
    /// The most columns of a table.
    package var columns: Int
    /// The most bytes that all rows of one document may take in the store.
    package var tableBytes: Int
    /// How many rows of a table are made passages of, from the first; all are stored.
    package var rowsAsText: Int
    /// The most text that is made of the rows of one table, in bytes.
    package var tableTextBytes: Int
    /// What the child that reads tables, data and text in an unknown encoding may use.
    package var text: ChildLimits
    /// What the child that parses HTML may use.
    package var html: ChildLimits
    /// What the child that parses PDF may use.
    package var pdf: ChildLimits
    /// What the child that reads an office document, a book or what a program made of one may use.
    package var office: ChildLimits
    /// What recognising the text of one page or picture may use.
    package var recognition: ChildLimits
    /// What finding out the type of a file may use.
    package var identification: ChildLimits
    /// The most pages of a scan whose text is recognised.
    package var recognizedPages: Int

    /// The defaults leave room for a book of some ten thousand pages and stop hostile files within minutes.
    package init(
        fileBytes: Int = 100_000_000,
        textBytes: Int = 100_000_000,
        blocks: Int = 1_000_000,
        columns: Int = 16_384,
        tableBytes: Int = 2_000_000_000,
        rowsAsText: Int = 5_000,
        tableTextBytes: Int = 1_000_000,
        text: ChildLimits = ChildLimits(cpuTime: .seconds(90), wallTime: .seconds(300), memoryBytes: 1 << 30),
        html: ChildLimits = ChildLimits(cpuTime: .seconds(20), wallTime: .seconds(90), memoryBytes: 1 << 30),
        pdf: ChildLimits = ChildLimits(cpuTime: .seconds(90), wallTime: .seconds(300), memoryBytes: 1 << 30),
        office: ChildLimits = ChildLimits(cpuTime: .seconds(60), wallTime: .seconds(240), memoryBytes: 1 << 30),
        recognition: ChildLimits = ChildLimits(cpuTime: .seconds(60), wallTime: .seconds(240), memoryBytes: 2 << 30),
        identification: ChildLimits = ChildLimits(cpuTime: .seconds(10), wallTime: .seconds(60), memoryBytes: 1 << 30),
        recognizedPages: Int = 300
    ) {
        self.fileBytes = fileBytes
        self.textBytes = textBytes
        self.blocks = blocks
        self.columns = columns
        self.tableBytes = tableBytes
        self.rowsAsText = rowsAsText
        self.tableTextBytes = tableTextBytes
        self.text = text
        self.html = html
        self.pdf = pdf
        self.office = office
        self.recognition = recognition
        self.identification = identification
        self.recognizedPages = recognizedPages
    }

    /// The most that a program of others may write: all text, and what it puts around it.
    var toolOutputBytes: Int { self.textBytes + self.textBytes / 4 + (1 << 20) }

    /// The most that a child may write: all its text and rows, and what frames them.
    var childOutputBytes: Int { self.textBytes + self.textBytes / 4 + (1 << 20) + self.tableBytes }
}

/// What one child process may use before it is killed.
package struct ChildLimits: Equatable, Sendable {
    /// Processor time, in whole seconds, at least one.
    package var cpuTime: Duration
    /// Time from start to exit.
    package var wallTime: Duration
    /// Address space, in bytes; a program of this size needs some hundred megabytes to start at all.
    package var memoryBytes: Int

    package init(cpuTime: Duration, wallTime: Duration, memoryBytes: Int) {
        self.cpuTime = cpuTime
        self.wallTime = wallTime
        self.memoryBytes = memoryBytes
    }
}
