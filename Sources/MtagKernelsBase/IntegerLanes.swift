#if MTAG_V4
  typealias IntegerLanes = SIMD16<Int32>
#elseif MTAG_V3
  typealias IntegerLanes = SIMD8<Int32>
#else
  typealias IntegerLanes = SIMD4<Int32>
#endif
