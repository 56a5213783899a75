// The sources of this folder are compiled once a level: MtagKernelsV3 and MtagKernelsV4 hold symbolic links to them.
// They use unsafe pointers and SIMD types only, no generics, so that no code is shared between levels by the linker.

#if MTAG_V4
  typealias Lanes = SIMD16<Float>
  let levelName = "v4"
#elseif MTAG_V3
  typealias Lanes = SIMD8<Float>
  let levelName = "v3"
#else
  typealias Lanes = SIMD4<Float>
  let levelName = "base"
#endif

/// Floats in one SIMD register of this level.
@inline(__always) var laneCount: Int { Lanes.scalarCount }

@inline(__always) func load(_ pointer: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always) func load(_ pointer: UnsafeMutablePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, _ value: Lanes) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
}

/// sum + a * b: one fused instruction where the level has it. x86-64's baseline has none, and Swift's `addingProduct` would call
/// a library function there.
@inline(__always) func multiplyAdd(_ sum: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
  #if MTAG_BASE && arch(x86_64)
    sum + a * b
  #else
    sum.addingProduct(a, b)
  #endif
}

@inline(__always) func multiplyAdd(_ sum: Lanes, _ a: Float, _ b: Lanes) -> Lanes {
  multiplyAdd(sum, Lanes(repeating: a), b)
}
