/// The memory of one forward pass over at most `capacity` tokens; used by one thread, freed with the value.
///
/// Every buffer holds one row a token, unless it says otherwise.
struct Workspace: ~Copyable {
    let capacity: Int
    /// The model's state: `hidden` floats a token.
    let hidden: UnsafeMutablePointer<Float>
    /// Queries, keys and values side by side: 3 × `hidden` floats a token.
    let heads: UnsafeMutablePointer<Float>
    /// What attention gathered: `hidden` floats a token.
    let context: UnsafeMutablePointer<Float>
    /// The inner layer of the feed-forward block: `inner` floats a token.
    let inner: UnsafeMutablePointer<Float>
    /// The attention of one head of one text: `tokenLimit` × `tokenLimit` floats.
    let scores: UnsafeMutablePointer<Float>
    /// The keys or values of one head of one text, packed for a product: `tokenLimit` × `headSize` floats.
    let packed: UnsafeMutablePointer<Float>
    /// The operands and result of one projection.
    let projection: ProjectionBuffers

    /// Reserves memory.
    ///
    /// - Parameter capacity: The most tokens of a pass.
    init(capacity: Int) {
        self.capacity = capacity
        self.hidden = .allocate(capacity: capacity * MiniLM.hidden)
        self.heads = .allocate(capacity: capacity * MiniLM.hidden * 3)
        self.context = .allocate(capacity: capacity * MiniLM.hidden)
        self.inner = .allocate(capacity: capacity * MiniLM.inner)
        self.scores = .allocate(capacity: MiniLM.tokenLimit * MiniLM.tokenLimit)
        self.packed = .allocate(capacity: MiniLM.tokenLimit * MiniLM.headSize)
        self.projection = ProjectionBuffers(rows: capacity, widest: MiniLM.inner)
    }

    deinit {
        self.hidden.deallocate()
        self.heads.deallocate()
        self.context.deallocate()
        self.inner.deallocate()
        self.scores.deallocate()
        self.packed.deallocate()
        self.projection.deallocate()
    }
}

/// Where a `Projection` keeps its quantised input and its raw output; owned by a `Workspace`.
struct ProjectionBuffers {
    let rows: Int
    /// The most columns of an input or an output.
    let widest: Int
    /// The input as bytes: `widest` a row at most.
    let bytes: UnsafeMutablePointer<UInt8>
    /// What one step of a row's bytes is worth.
    let steps: UnsafeMutablePointer<Float>
    /// The byte that stands for zero in a row.
    let zeros: UnsafeMutablePointer<Float>
    /// Products of floats before their bias is added: `widest` a row at most.
    let products: UnsafeMutablePointer<Float>

    init(rows: Int, widest: Int) {
        self.rows = rows
        self.widest = widest
        self.bytes = .allocate(capacity: rows * widest)
        self.steps = .allocate(capacity: rows)
        self.zeros = .allocate(capacity: rows)
        self.products = .allocate(capacity: rows * widest)
    }

    func deallocate() {
        self.bytes.deallocate()
        self.steps.deallocate()
        self.zeros.deallocate()
        self.products.deallocate()
    }
}
