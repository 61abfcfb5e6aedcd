import COneDNN

/// The matrix products that oneDNN computes, each on the calling thread alone.
///
/// All matrices are row-major with a stride in elements from row to row. Pointers must be good for the sizes given:
/// the callers, `Projection` and `Attention`, take them from a `Workspace` that was made large enough.
enum MatrixProduct {
    /// Keeps oneDNN from starting threads of its own for this thread's products; a caller's first act on its thread.
    static func useThisThreadOnly() { omp_set_num_threads(1) }

    /// A matrix of floats in memory, as stored or to be read transposed.
    struct Operand {
        var values: UnsafePointer<Float>
        var stride: Int
        var isTransposed = false
    }

    /// `c = scale · a · b`, where `c` is `rows` × `columns` and `depth` is summed over.
    static func multiply(
        _ a: Operand,
        _ b: Operand,
        into c: UnsafeMutablePointer<Float>,
        stride: Int,
        size: (rows: Int, columns: Int, depth: Int),
        scale: Float = 1
    ) {
        let status = dnnl_sgemm(
            Self.flag(a.isTransposed), Self.flag(b.isTransposed),
            dnnl_dim_t(size.rows), dnnl_dim_t(size.columns), dnnl_dim_t(size.depth),
            scale, a.values, dnnl_dim_t(a.stride), b.values, dnnl_dim_t(b.stride),
            0, c, dnnl_dim_t(stride)
        )
        precondition(status == dnnl_success, "oneDNN refused a product of floats")
    }

    /// `c = a · bᵀ`, where `a` is `rows` × `depth`, `b` is `columns` × `depth` and nothing has padding.
    static func multiply(
        _ a: UnsafePointer<UInt8>,
        transposed b: UnsafePointer<Int8>,
        into c: UnsafeMutablePointer<Int32>,
        size: (rows: Int, columns: Int, depth: Int)
    ) {
        var offset: Int32 = 0
        let status = dnnl_gemm_u8s8s32(
            Self.flag(false), Self.flag(true), Self.fixedOffset,
            dnnl_dim_t(size.rows), dnnl_dim_t(size.columns), dnnl_dim_t(size.depth),
            1, a, dnnl_dim_t(size.depth), 0, b, dnnl_dim_t(size.depth), 0,
            0, c, dnnl_dim_t(size.columns), &offset
        )
        precondition(status == dnnl_success, "oneDNN refused a product of bytes")
    }

    private static let fixedOffset = CChar(UInt8(ascii: "F"))

    private static func flag(_ isTransposed: Bool) -> CChar { CChar(UInt8(ascii: isTransposed ? "T" : "N")) }
}
