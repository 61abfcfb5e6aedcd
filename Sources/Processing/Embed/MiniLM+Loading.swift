extension MiniLM {
    /// Reads the weights and brings them into the form that the arithmetic wants.
    ///
    /// Peak memory is what stays plus the largest matrix of a layer. Blocks while it reads 90 MB.
    ///
    /// - Parameters:
    ///   - path: `model.safetensors` as the sentence-transformers project publishes it.
    ///   - vocabularySize: How many rows the embedding table must have.
    ///   - arithmetic: How to keep the matrices.
    /// - Throws: What is wrong with the file.
    init(path: String, vocabularySize: Int, arithmetic: Arithmetic) throws(ModelError) {
        let file = try Safetensors(path: path)
        self.arithmetic = arithmetic
        var table = EmbeddingTable.Builder(rows: vocabularySize)
        try file.forEachRow(of: "embeddings.word_embeddings.weight", rows: vocabularySize, columns: Self.hidden) {
            table.append($0)
        }
        self.embeddings = table.build()

        let type = try file.tensor("embeddings.token_type_embeddings.weight", 2, Self.hidden)
        var positions = try file.tensor("embeddings.position_embeddings.weight", 512, Self.hidden)
        positions.removeLast((512 - Self.tokenLimit) * Self.hidden)
        for index in positions.indices { positions[index] += type[index % Self.hidden] }
        self.positions = positions

        self.embeddingNorm = try Self.norm("embeddings.LayerNorm", of: file)
        var blocks: [Block] = []
        for layer in 0..<Self.layers {
            blocks.append(try Block(file: file, prefix: "encoder.layer.\(layer)", arithmetic: arithmetic))
        }
        self.blocks = blocks
    }

    fileprivate static func norm(_ name: String, of file: borrowing Safetensors) throws(ModelError) -> LayerNorm {
        LayerNorm(
            scale: try file.tensor("\(name).weight", Self.hidden),
            shift: try file.tensor("\(name).bias", Self.hidden)
        )
    }
}

extension MiniLM.Block {
    fileprivate init(file: borrowing Safetensors, prefix: String, arithmetic: Arithmetic) throws(ModelError) {
        func linear(_ names: String..., inputs: Int, outputs: Int) throws(ModelError) -> Projection {
            var weights: [Float] = []
            var bias: [Float] = []
            for name in names {
                weights += try file.tensor("\(prefix).\(name).weight", outputs, inputs)
                bias += try file.tensor("\(prefix).\(name).bias", outputs)
            }
            return Projection(weights: weights, bias: bias, arithmetic: arithmetic)
        }
        let (hidden, inner) = (MiniLM.hidden, MiniLM.inner)
        self.headProjection = try linear(
            "attention.self.query", "attention.self.key", "attention.self.value",
            inputs: hidden, outputs: hidden
        )
        self.attentionOutput = try linear("attention.output.dense", inputs: hidden, outputs: hidden)
        self.attentionNorm = try MiniLM.norm("\(prefix).attention.output.LayerNorm", of: file)
        self.up = try linear("intermediate.dense", inputs: hidden, outputs: inner)
        self.down = try linear("output.dense", inputs: inner, outputs: hidden)
        self.outputNorm = try MiniLM.norm("\(prefix).output.LayerNorm", of: file)
    }
}
