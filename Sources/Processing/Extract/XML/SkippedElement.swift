/// Keeps track of an element whose content is left out, with elements of its own name inside it.
struct SkippedElement {
    private var name = ""
    private var depth = 0

    /// Whether what comes now is left out.
    var isActive: Bool { self.depth > 0 }

    /// An element begins.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - isSkipped: Whether elements of this kind are left out.
    /// - Returns: Whether it is left out, also as part of another.
    mutating func start(_ name: String, isSkipped: @autoclosure () -> Bool) -> Bool {
        if self.isActive {
            if name == self.name { self.depth += 1 }
            return true
        }
        guard isSkipped() else { return false }
        self.name = name
        self.depth = 1
        return true
    }

    /// An element ends.
    ///
    /// - Returns: Whether it was left out.
    mutating func end(_ name: String) -> Bool {
        guard self.isActive else { return false }
        if name == self.name { self.depth -= 1 }
        return true
    }
}
