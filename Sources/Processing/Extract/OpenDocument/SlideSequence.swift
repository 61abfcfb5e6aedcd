/// The slides of an OpenDocument presentation, which follow one another in one part.
struct SlideSequence {
    private var slide = Slide()
    private var number = 0
    private var name: String?
    private var isInNotes = false
    private var frames = 0
    /// How many frames were open when that of the title began.
    private var titleFrame: Int?

    /// Whether a slide is at hand.
    private(set) var isActive = false

    /// A page, its notes, or a frame on either begins.
    mutating func start(_ element: String, _ attributes: XMLAttributes, _ emit: (BlockFrame) -> Void) {
        switch element {
        case "page":
            self.finish(emit)
            self.isActive = true
            self.number += 1
            // What programs call slides that nobody has named.
            let name = attributes.value("name")
            self.name = name?.hasPrefix("page") == true || name?.hasPrefix("Slide") == true ? nil : name
        case "notes": self.isInNotes = true
        default:
            self.frames += 1
            if attributes.value("class") == "title", !self.isInNotes, self.titleFrame == nil {
                self.titleFrame = self.frames
            }
        }
    }

    mutating func end(_ element: String, _ emit: (BlockFrame) -> Void) {
        switch element {
        case "page": self.finish(emit)
        case "notes": self.isInNotes = false
        default:
            if self.titleFrame == self.frames { self.titleFrame = nil }
            self.frames = max(0, self.frames - 1)
        }
    }

    mutating func append(_ output: HTMLBlockBuilder.Output) {
        self.slide.append(output, to: self.isInNotes ? .notes : self.titleFrame == nil ? .body : .title)
    }

    /// Hands over the slide at hand.
    mutating func finish(_ emit: (BlockFrame) -> Void) {
        guard self.isActive else { return }
        self.slide.emit(number: self.number, name: self.name, emit)
        self.slide = Slide()
        self.isActive = false
        self.isInNotes = false
        self.titleFrame = nil
        self.frames = 0
    }
}
