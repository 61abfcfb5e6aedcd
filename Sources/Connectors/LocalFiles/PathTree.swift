/// Values of directories by path, each with a number, and which of them lie below which.
///
/// What lies below a directory is found without a look at anything else. A directory without a value is kept for as long
/// as one below it has one.
package struct PathTree<Value: Sendable>: Sendable {
    private struct Node: Sendable {
        var path: RelativePath
        var value: Value?
        var parent = UInt32.max
        var firstChild = UInt32.max
        var next = UInt32.max
        var previous = UInt32.max
    }

    private var nodes: [Node] = []
    private var free: [UInt32] = []
    private var numbers: [RelativePath: UInt32] = [:]
    /// How many directories have a value.
    package private(set) var count = 0

    package init() {}

    /// The path of a directory.
    package func path(of number: UInt32) -> RelativePath { self.nodes[Int(number)].path }

    /// The value of a directory; one that has none any more, and nothing below it, loses its number.
    package subscript(number: UInt32) -> Value? {
        get { self.nodes[Int(number)].value }
        set {
            self.count += (newValue == nil ? 0 : 1) - (self.nodes[Int(number)].value == nil ? 0 : 1)
            self.nodes[Int(number)].value = newValue
            if newValue == nil { self.prune(number) }
        }
    }

    package subscript(path: RelativePath) -> Value? {
        get { self.numbers[path].flatMap { self[$0] } }
        set {
            if let number = newValue == nil ? self.numbers[path] : self.add(path) { self[number] = newValue }
        }
    }

    /// The number of a directory; it must get a value next, or be there for one below it.
    package mutating func add(_ path: RelativePath) -> UInt32 {
        if let number = self.numbers[path] { return number }
        var node = Node(path: path)
        if let parent = path.parent {
            node.parent = self.add(parent)
            node.next = self.nodes[Int(node.parent)].firstChild
        }
        let number = self.free.popLast() ?? UInt32(self.nodes.count)
        if node.parent != .max { self.nodes[Int(node.parent)].firstChild = number }
        if node.next != .max { self.nodes[Int(node.next)].previous = number }
        if Int(number) == self.nodes.count { self.nodes.append(node) } else { self.nodes[Int(number)] = node }
        self.numbers[path] = number
        return number
    }

    /// The numbers of those that have a value, at or below a path; each before those below it.
    package func numbers(within path: RelativePath) -> [UInt32] {
        var found: [UInt32] = []
        var pending = self.numbers[path].map { [$0] } ?? []
        while let number = pending.popLast() {
            if self.nodes[Int(number)].value != nil { found.append(number) }
            var child = self.nodes[Int(number)].firstChild
            while child != .max {
                pending.append(child)
                child = self.nodes[Int(child)].next
            }
        }
        return found
    }

    private mutating func prune(_ number: UInt32) {
        var number = number
        while number != .max {
            let node = self.nodes[Int(number)]
            guard node.value == nil, node.firstChild == .max else { return }
            if node.next != .max { self.nodes[Int(node.next)].previous = node.previous }
            if node.previous != .max {
                self.nodes[Int(node.previous)].next = node.next
            } else if node.parent != .max {
                self.nodes[Int(node.parent)].firstChild = node.next
            }
            self.numbers[node.path] = nil
            self.nodes[Int(number)] = Node(path: .root)
            self.free.append(number)
            number = node.parent
        }
    }
}

extension PathTree {
    /// What a body says of each directory, by number; of a number that is free it says something, too.
    package func map<Result>(_ body: (RelativePath) -> Result) -> [Result] { self.nodes.map { body($0.path) } }

    /// Changes every value.
    package mutating func update(_ body: (inout Value) -> Void) {
        for index in self.nodes.indices {
            guard var value = self.nodes[index].value else { continue }
            body(&value)
            self.nodes[index].value = value
        }
    }

    /// The paths whose values satisfy a condition.
    package func paths(where condition: (RelativePath, Value) -> Bool) -> [RelativePath] {
        self.nodes.compactMap { node in
            guard let value = node.value, condition(node.path, value) else { return nil }
            return node.path
        }
    }

    /// How many values satisfy a condition.
    package func count(where condition: (Value) -> Bool) -> Int {
        self.nodes.count { $0.value.map(condition) ?? false }
    }
}
