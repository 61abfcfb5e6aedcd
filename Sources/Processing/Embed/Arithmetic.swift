import CKernels
import COneDNN

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

    /// What the loops over single floats are compiled for.
    package enum Vectors: String, Sendable {
        /// What every processor of the architecture has.
        case baseline
        /// x86-64 with AVX2 and FMA.
        case avx2
    }

    package var products: Products
    package var vectors: Vectors

    /// The fastest that is right on this processor, or on the lesser one that `DNNL_MAX_CPU_ISA` pretends.
    package static var fastest: Arithmetic {
        let isa = dnnl_get_effective_cpu_isa()
        let vectors: Vectors = Self.has(dnnl_cpu_isa_avx2, isa) && ck_highest_level() == CK_AVX2 ? .avx2 : .baseline
        #if arch(x86_64)
            if Self.has(dnnl_cpu_isa_avx512_core_vnni, isa) || Self.has(dnnl_cpu_isa_avx2_vnni, isa) {
                return Arithmetic(products: .int8, vectors: vectors)
            }
            return Arithmetic(products: Self.has(dnnl_cpu_isa_sse41, isa) ? .int7 : .float32, vectors: vectors)
        #else
            return Arithmetic(products: .float32, vectors: .baseline)
        #endif
    }

    /// All that give right answers on this processor, the fastest first.
    package static var all: [Arithmetic] {
        let fastest = Self.fastest
        var products: [Products] = [fastest.products]
        if fastest.products == .int8 { products.append(.int7) }
        if fastest.products != .float32 { products.append(.float32) }
        let vectors: [Vectors] = fastest.vectors == .baseline ? [.baseline] : [fastest.vectors, .baseline]
        return products.flatMap { products in vectors.map { Arithmetic(products: products, vectors: $0) } }
    }

    /// The largest magnitude of a quantised weight.
    static let weightLimit: Float = 127

    /// The largest quantised activation; with 7 bits two products are at most 2 × 127 × 127, which fits into 16 bits.
    var activationLimit: Float { self.products == .int8 ? 255 : 127 }

    /// The level as the loops know it.
    var level: ck_level { self.vectors == .avx2 ? CK_AVX2 : CK_BASELINE }

    /// Each instruction set is a set of bits that contains those of the lesser ones.
    private static func has(_ wanted: dnnl_cpu_isa_t, _ isa: dnnl_cpu_isa_t) -> Bool {
        isa.rawValue & wanted.rawValue == wanted.rawValue
    }
}

extension Arithmetic: CustomStringConvertible {
    package var description: String { "\(self.products) with \(self.vectors) vectors" }
}
