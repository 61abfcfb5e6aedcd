import Hummingbird

/// Which page of a list a request asks for: `state`, `cursor` and `limit`.
struct PageParameters<State: RawRepresentable<String> & CaseIterable> {
    private static var limits: ClosedRange<Int> { 1...1_000 }

    /// Nil means all.
    let state: State?
    /// The `next_cursor` of the page before; 0 for the first.
    let after: Int64
    let limit: Int

    /// - Throws: The answer to a request with something else in one of them.
    init(_ parameters: FormQuery, defaultLimit: Int) throws(Refusal) {
        self.state = try parameters["state"].map { name throws(Refusal) in
            if let state = State(rawValue: name) { return state }
            let names = State.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw Refusal(response: .problem(.badRequest, detail: "'state' must be one of \(names)"))
        }
        self.after =
            try parameters["cursor"].map { cursor throws(Refusal) in
                if let after = Int64(cursor), after >= 0 { return after }
                let detail = "'cursor' must be the 'next_cursor' of an answer"
                throw Refusal(response: .problem(.badRequest, detail: detail))
            } ?? 0
        guard let limit = parameters.number("limit", in: Self.limits, default: defaultLimit) else {
            throw Refusal(response: .outOfRange("limit", Self.limits))
        }
        self.limit = limit
    }
}

/// Why a request is answered without doing what it asks for.
struct Refusal: Error {
    let response: Response
}
