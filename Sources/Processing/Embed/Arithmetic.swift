import CKernels

/// How the model computes: the form of its matrices, and how much of the processor its own loops use.
package struct Arithmetic: Hashable, Sendable {
    /// The numbers that matrix products are made of.
    package enum Products: String, Sendable {
        /// 32-bit floats: exact, and slow.
        case float32
        /// Bytes, for processors that add their products in 32 bits.
        case int8
        /// Weights of 8 bits with activations of 7, for processors that first add two products in 16 bits.
        ///
        /// There, activations of 8 bits would overflow. Weights of 7 bits would do as well, but cost more quality.
        case int7
    }

    /// What the loops are compiled for.
    package enum Vectors: String, Sendable {
        /// What every processor of the architecture has.
        case baseline
        /// x86-64 with AVX2 and FMA.
        case avx2
        /// x86-64 with AVX-512 and VNNI.
        case avx512
    }

    package var products: Products
    package var vectors: Vectors

    /// The fastest that is right on this processor.
    package static var fastest: Arithmetic { Self.fastest(with: Self.highest) }

    /// All that give right answers on this processor, the fastest first.
    package static var all: [Arithmetic] {
        let vectors: [Vectors] =
            switch Self.highest {
            case .baseline: [.baseline]
            case .avx2: [.avx2, .baseline]
            case .avx512: [.avx512, .avx2, .baseline]
            }
        return vectors.flatMap { vectors in
            let fastest = Self.fastest(with: vectors)
            let exact = Arithmetic(products: .float32, vectors: vectors)
            return fastest == exact ? [exact] : [fastest, exact]
        }
    }

    private static var highest: Vectors {
        switch ck_highest_level() {
        case CK_AVX512: .avx512
        case CK_AVX2: .avx2
        default: .baseline
        }
    }

    private static func fastest(with vectors: Vectors) -> Arithmetic {
        #if arch(x86_64)
            Arithmetic(products: vectors == .avx2 ? .int7 : .int8, vectors: vectors)
        #else
            Arithmetic(products: .float32, vectors: vectors)
        #endif
    }

    /// The largest magnitude of a quantised weight.
    static let weightLimit: Float = 127

    /// The largest quantised activation; with 7 bits two products are at most 2 × 127 × 127, which fits into 16 bits.
    var activationLimit: Float { self.products == .int8 ? 255 : 127 }

    /// The level as the loops know it.
    var level: ck_level {
        switch self.vectors {
        case .baseline: CK_BASELINE
        case .avx2: CK_AVX2
        case .avx512: CK_AVX512
        }
    }
}

extension Arithmetic: CustomStringConvertible {
    package var description: String { "\(self.products) with \(self.vectors) vectors" }
}
