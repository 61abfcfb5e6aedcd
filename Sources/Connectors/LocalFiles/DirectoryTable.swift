/// The paths of directories by number, each as long as a file in it is known.
struct DirectoryTable: Sendable {
    private struct Slot: Sendable {
        var path: RelativePath
        var users: UInt32
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private var numbers: [RelativePath: UInt32] = [:]

    subscript(number: UInt32) -> RelativePath { self.slots[Int(number)].path }

    /// The number of a directory, which has one user more.
    mutating func retain(_ path: RelativePath) -> UInt32 {
        if let number = self.numbers[path] {
            self.slots[Int(number)].users += 1
            return number
        }
        let slot = Slot(path: path, users: 1)
        let number = self.free.popLast() ?? UInt32(self.slots.count)
        if Int(number) == self.slots.count { self.slots.append(slot) } else { self.slots[Int(number)] = slot }
        self.numbers[path] = number
        return number
    }

    /// Gives up one use of a directory; without any its number is free.
    mutating func release(_ number: UInt32) {
        self.slots[Int(number)].users -= 1
        guard self.slots[Int(number)].users == 0 else { return }
        self.numbers[self.slots[Int(number)].path] = nil
        self.slots[Int(number)].path = .root
        self.free.append(number)
    }

    /// What a body says of each directory, by number.
    func map<Value>(_ body: (RelativePath) -> Value) -> [Value] { self.slots.map { body($0.path) } }
}
