import Ingest

/// The text of one slide as it comes, in three parts whose order in the file is no matter.
struct Slide {
    enum Part {
        case title
        case body
        case notes
    }

    private var title: [String] = []
    private var body: [BlockFrame] = []
    private var notes: [BlockFrame] = []

    mutating func append(_ output: HTMLBlockBuilder.Output, to part: Part) {
        guard case .block(let kind, let text) = output else { return }
        switch part {
        case .title: self.title.append(CleanText.line(text))
        case .body: self.body.append(.block(kind, text))
        case .notes: self.notes.append(.block(kind, text))
        }
    }

    /// Takes the notes in that stand on a page of their own.
    mutating func takeNotes(of page: Slide) { self.notes += page.notes }

    /// The slide as blocks: its title, or its number, as a heading, so that no passage stands under another slide's.
    ///
    /// - Parameters:
    ///   - number: Counts from 1.
    ///   - name: What to call it if it has no title.
    ///   - emit: Takes nothing of a slide without text.
    func emit(number: Int, name: String? = nil, _ emit: (BlockFrame) -> Void) {
        guard !self.title.isEmpty || !self.body.isEmpty || !self.notes.isEmpty else { return }
        emit(.page(number))
        let title = self.title.joined(separator: " ")
        emit(.block(.heading(level: 1), title.isEmpty ? name ?? "Slide \(number)" : title))
        // A heading alone would open the next slide's passage, which would then seem to be on this slide.
        if self.body.isEmpty, self.notes.isEmpty { emit(.block(.paragraph, "Slide \(number)")) }
        for block in self.body { emit(block) }
        guard !self.notes.isEmpty else { return }
        emit(.block(.heading(level: 2), "Notes"))
        for block in self.notes { emit(block) }
    }
}
