/// Eight floats at a time: what every row of the model is a multiple of.
typealias Lanes = SIMD8<Float>

extension UnsafePointer<Float> {
    /// The eight floats from an index on.
    @inline(__always)
    func lanes(_ index: Int) -> Lanes { UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self) }
}

extension UnsafeMutablePointer<Float> {
    /// The eight floats from an index on.
    @inline(__always)
    func lanes(_ index: Int) -> Lanes { UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self) }

    /// Replaces the eight floats from an index on.
    @inline(__always)
    func setLanes(_ index: Int, _ value: Lanes) {
        UnsafeMutableRawPointer(self + index).storeBytes(of: value, as: Lanes.self)
    }
}

/// Functions of eight floats at once, in operations that every processor has for vectors.
enum VectorMath {
    /// Adding it to a float of magnitude below 2²² rounds to a whole number, which then stands in the low bits.
    private static let rounder: Float = 12_582_912

    /// The nearest whole numbers, as integers; magnitudes must be below 2²².
    @inline(__always)
    static func rounded(_ x: Lanes) -> SIMD8<Int32> {
        unsafeBitCast(x + Self.rounder, to: SIMD8<Int32>.self) &- Int32(bitPattern: Self.rounder.bitPattern)
    }

    /// eˣ to 2 units in the last place for -87...88; smaller arguments count as -87.
    @inline(__always)
    static func exponential(_ x: Lanes) -> Lanes {
        let scaled = pointwiseMax(x, Lanes(repeating: -87)) * 1.442_695_04
        let shifted = scaled + Self.rounder
        let rest = scaled - (shifted - Self.rounder)
        let whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- Int32(bitPattern: Self.rounder.bitPattern)

        // 2 to the power of the rest, which is within ±0.5, by its Taylor series.
        var power = rest * 1.540_353e-4 + 1.333_355_8e-3
        power = power * rest + 9.618_129e-3
        power = power * rest + 5.550_410_9e-2
        power = power * rest + 0.240_226_51
        power = power * rest + 0.693_147_18
        power = power * rest + 1
        return power * unsafeBitCast((whole &+ 127) &<< 23, to: Lanes.self)
    }

    /// The Gaussian error linear unit x · Φ(x), with the error function to 2e-6 by a rational fit on ±3.95.
    @inline(__always)
    static func gelu(_ x: Lanes) -> Lanes {
        let limit = Lanes(repeating: 3.95)
        let z = pointwiseMin(pointwiseMax(x * 0.707_106_78, -limit), limit)
        let square = z * z
        var top = square * -1.573_407_2e-7 + 4.874_316_3e-6
        top = top * square + 7.169_702_4e-4
        top = top * square + 4.386_438e-2
        top = top * square + 0.148_628_71
        top = top * square + 1.128_391_03
        var bottom = square * 9.495_133e-3 + 9.364_627_3e-2
        bottom = bottom * square + 0.465_153_75
        bottom = bottom * square + 1
        return x * 0.5 * (1 + z * top / bottom)
    }
}
