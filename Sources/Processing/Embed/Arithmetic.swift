import COneDNN

/// How the model's matrices are kept and multiplied.
package enum Arithmetic: String, Sendable, CaseIterable {
    /// 32-bit floats: exact, and slow.
    case float32
    /// Weights of 8 bits, for processors that multiply bytes into 32-bit sums.
    case int8
    /// Weights of 7 bits, for processors that add two products of bytes in 16 bits, where weights of 8 bits overflow.
    case int7

    /// The fastest that is right on this processor, or under `DNNL_MAX_CPU_ISA` if that is set.
    package static var fastest: Arithmetic {
        #if arch(x86_64)
            let isa = dnnl_get_effective_cpu_isa().rawValue
            let sse41 = dnnl_cpu_isa_sse41.rawValue
            let vnni = [dnnl_cpu_isa_avx512_core_vnni.rawValue, dnnl_cpu_isa_avx2_vnni.rawValue]
            if vnni.contains(where: { isa & $0 == $0 }) { return .int8 }
            return isa & sse41 == sse41 ? .int7 : .float32
        #else
            return .float32
        #endif
    }

    /// The largest magnitude of a quantised weight.
    var weightLimit: Float {
        switch self {
        case .float32: .infinity
        case .int8: 127
        case .int7: 64  // 2 × 255 × 64 = 32,640 is the largest that fits into 16 bits
        }
    }
}
