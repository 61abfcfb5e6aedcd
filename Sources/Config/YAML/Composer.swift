/// Builds the nodes of a YAML document from libyaml's events.
///
/// Bounds everything a small text can blow up: depth, and the number of nodes with each alias counted as the
/// nodes it stands for. Recursion is no deeper than `depthLimit`.
struct Composer: ~Copyable {
    /// Far more than a configuration needs, far less than a stack holds.
    static let depthLimit = 32
    /// About a thousand pipelines.
    static let nodeLimit = 10_000

    /// How often `%TAG` may come; libyaml compares each with all before it, half a minute for a mebibyte of them.
    static let directiveLimit = 16

    private enum Anchor {
        /// Inside the node it names.
        case open
        case closed(Node, nodes: Int)
    }

    private var parser: YAMLParser
    private let diagnostics: Diagnostics
    private var anchors: [String: Anchor] = [:]
    private var nodes = 0

    /// - Parameters:
    ///   - text: Any bytes.
    ///   - diagnostics: Takes what is wrong but does not stop the reading, such as a key that comes twice.
    /// - Throws: When there is no memory, or more directives than `directiveLimit`.
    init(_ text: [UInt8], diagnostics: Diagnostics) throws(YAMLError) {
        try Self.boundDirectives(of: text)
        self.parser = try YAMLParser(text)
        self.diagnostics = diagnostics
    }

    private static func boundDirectives(of text: [UInt8]) throws(YAMLError) {
        let tag = Array("%TAG".utf8)
        var count = 0
        for (offset, byte) in text.enumerated() where byte == tag[0] && text[offset...].starts(with: tag) {
            count += 1
            guard count <= Self.directiveLimit else {
                throw YAMLError(
                    message: "more than \(Self.directiveLimit) times '%TAG': remove them, none is needed",
                    mark: Mark(ofByte: offset, in: text)
                )
            }
        }
    }

    /// The root of the only document; nil when there is none.
    consuming func document() throws(YAMLError) -> Node? {
        _ = try self.parser.next()
        guard try self.parser.next().kind == .documentStart else { return nil }
        let root = try self.node(from: try self.parser.next(), depth: 1)
        _ = try self.parser.next()
        let end = try self.parser.next()
        if end.kind == .documentStart {
            self.diagnostics.report(
                "a second document begins here: a configuration is one document, remove the '---' or what follows",
                at: end.mark
            )
        }
        return root
    }

    private mutating func node(from event: YAMLEvent, depth: Int) throws(YAMLError) -> Node {
        guard depth <= Self.depthLimit else {
            throw YAMLError(message: "nested more than \(Self.depthLimit) levels deep", mark: event.mark)
        }
        if let tag = event.tag {
            self.diagnostics.report(
                "tag \(tag.quoted) is not allowed: remove it, or quote a text that begins with '!'", at: event.mark
            )
        }
        if case .alias(let name) = event.kind { return try self.node(named: name, at: event.mark) }
        try self.open(event)
        let before = self.nodes
        try self.count(1, at: event.mark)
        let node = try self.content(of: event, depth: depth)
        if let anchor = event.anchor { self.anchors[anchor] = .closed(node, nodes: self.nodes - before) }
        return node
    }

    private mutating func content(of event: YAMLEvent, depth: Int) throws(YAMLError) -> Node {
        switch event.kind {
        case .scalar(let text, let isPlain):
            return .scalar(Node.Scalar(text: text, isPlain: isPlain, mark: event.mark))
        case .listStart:
            return .list(try self.list(at: event.mark, depth: depth))
        case .mappingStart:
            return .mapping(try self.mapping(at: event.mark, depth: depth))
        case .alias, .listEnd, .mappingEnd, .documentStart, .documentEnd, .streamStart, .streamEnd:
            throw YAMLError(message: "no value where one belongs", mark: event.mark)
        }
    }

    private mutating func list(at mark: Mark, depth: Int) throws(YAMLError) -> Node.List {
        var elements: [Node] = []
        while true {
            let event = try self.parser.next()
            guard event.kind != .listEnd else { return Node.List(elements: elements, mark: mark) }
            elements.append(try self.node(from: event, depth: depth + 1))
        }
    }

    private mutating func mapping(at mark: Mark, depth: Int) throws(YAMLError) -> Node.Mapping {
        var entries: [(key: Node.Scalar, value: Node)] = []
        var first: [String: Mark] = [:]
        while true {
            let event = try self.parser.next()
            guard event.kind != .mappingEnd else { return Node.Mapping(entries: entries, mark: mark) }
            let key = try self.node(from: event, depth: depth + 1)
            let value = try self.node(from: try self.parser.next(), depth: depth + 1)
            guard case .scalar(let name) = key else {
                self.diagnostics.report("a key must be a name, not \(key.prose)", at: event.mark)
                continue
            }
            if let earlier = first[name.text] {
                self.diagnostics.report(
                    "duplicate key \(name.text.quoted): first at \(earlier.prose); remove one", at: event.mark
                )
            } else {
                first[name.text] = event.mark
                entries.append((name, value))
            }
        }
    }

    private mutating func open(_ event: YAMLEvent) throws(YAMLError) {
        guard let anchor = event.anchor else { return }
        guard self.anchors.updateValue(.open, forKey: anchor) == nil else {
            throw YAMLError(
                message: "duplicate anchor \("&\(anchor)".quoted): give each its own name", mark: event.mark
            )
        }
    }

    private mutating func node(named name: String, at mark: Mark) throws(YAMLError) -> Node {
        switch self.anchors[name] {
        case .closed(let node, let nodes)?:
            try self.count(nodes, at: mark)
            return node
        case .open?:
            throw YAMLError(message: "alias \("*\(name)".quoted) stands inside what it names", mark: mark)
        case nil:
            throw YAMLError(
                message: "alias \("*\(name)".quoted) names nothing above: quote a text that begins with '*'", mark: mark
            )
        }
    }

    private mutating func count(_ nodes: Int, at mark: Mark) throws(YAMLError) {
        self.nodes += nodes
        guard self.nodes <= Self.nodeLimit else {
            throw YAMLError(
                message: "more than \(Self.nodeLimit) values, each alias counted as what it stands for", mark: mark
            )
        }
    }
}
