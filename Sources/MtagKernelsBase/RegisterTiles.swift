// The register tiles of the matrix product.
//
//   c[row, column] (+)= sum over k of a[row, k] * b[k, column]
//
// a[row, k] stands at a[row * rowStride + k * depthStride], so the same code serves a matrix and its transpose; b is packed,
// b[k * width + column], where the width is that of the tile. All accumulators stay in registers: 24 of the 32 of AVX-512
// (RegisterTiles12.swift), 12 of the 16 of AVX2 and SSE (RegisterTiles6.swift); half of these in RegisterTilesNarrow.swift.

/// Columns of a full-width tile: two registers.
@inline(__always) var panelWidth: Int { 2 * laneCount }

@inline(__always) func put(_ c: UnsafeMutablePointer<Float>, _ value: Lanes, _ accumulates: Bool) {
  store(c, accumulates ? load(c) + value : value)
}

/// c (+)= a b for any number of rows that is a multiple of 4 (AVX-512) or 2 (else), and one packed panel of b.
///
/// - Parameters:
///   - lanes: registers a row of the panel: 2, or 1 for the last half-width panel.
@inline(__always) func panelProduct(
  _ rows: Int, _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int,
  _ b: UnsafePointer<Float>,
  _ lanes: Int, _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
) {
  var row = 0
  if lanes == 2 {
    while row + tileRows <= rows {
      tileFull(
        depth, a + row * rowStride, rowStride, depthStride, b, c + row * cStride, cStride, accumulates)
      row += tileRows
    }
    while row + 2 * tileRows / 3 <= rows {
      tileTwoThirds(
        depth, a + row * rowStride, rowStride, depthStride, b, c + row * cStride, cStride, accumulates)
      row += 2 * tileRows / 3
    }
    while row < rows {
      tileThird(
        depth, a + row * rowStride, rowStride, depthStride, b, c + row * cStride, cStride, accumulates)
      row += tileRows / 3
    }
  } else {
    while row + tileRows <= rows {
      tileNarrow(
        depth, a + row * rowStride, rowStride, depthStride, b, c + row * cStride, cStride, accumulates)
      row += tileRows
    }
    while row < rows {
      tileThirdNarrow(
        depth, a + row * rowStride, rowStride, depthStride, b, c + row * cStride, cStride, accumulates)
      row += tileRows / 3
    }
  }
}
