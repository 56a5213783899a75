import MtagKernelTypes

// Attention of one head, some queries at a time, so that their scores stay in the second-level cache:
//   q → scores [block, frames] = q · keys → softmax → result [block, depth] = scores · values
// Keys and values are packed once into panels that a register tile reads.

/// Queries worked on together; a multiple of the register tile's rows.
@inline(__always) var blockQueries: Int { 48 }

func packAttention(_ run: AttentionRun) {
  // Panels of keys, [depth, width].
  var first = 0
  var out = run.packed
  while first < run.frames {
    for k in 0..<run.depth {
      for lane in 0..<panelWidth {
        out[lane] = first + lane < run.frames ? run.keys[(first + lane) * run.stride + k] : 0
      }
      out += panelWidth
    }
    first += panelWidth
  }
  // Panels of a value's channels, [frames, width].
  first = 0
  while first < run.depth {
    let there = min(panelWidth, run.depth - first)
    for frame in 0..<run.frames {
      copy(out, run.values + frame * run.stride + first, there)
      clear(out + there, panelWidth - there)
      out += panelWidth
    }
    first += panelWidth
  }
}

func attend(_ run: AttentionRun, _ first: Int, _ count: Int) {
  let depth = run.depth
  let panels = (depth + panelWidth - 1) / panelWidth
  let keyPanels = (run.frames + panelWidth - 1) / panelWidth
  let packedValues = run.packed + keyPanels * panelWidth * depth
  let q = run.scratch
  let scores = q + blockQueries * depth
  let out = scores + blockQueries * run.scoreStride
  var start = first
  while start < first + count {
    let queries = min(blockQueries, first + count - start)
    let rows = (queries + tileRows / 3 - 1) / (tileRows / 3) * (tileRows / 3)
    for row in 0..<rows {
      if row < queries {
        copy(q + row * depth, run.queries + (start + row) * run.stride, depth)
      } else {
        clear(q + row * depth, depth)
      }
    }
    for panel in 0..<keyPanels {
      panelProduct(
        rows, depth, q, depth, 1, run.packed + panel * panelWidth * depth, 2, scores + panel * panelWidth,
        run.scoreStride, false)
    }
    softmaxRows(scores, run.scoreStride, run.frames, queries, run.scale)
    for panel in 0..<panels {
      panelProduct(
        rows, run.frames, scores, run.scoreStride, 1, packedValues + panel * panelWidth * run.frames, 2,
        out + panel * panelWidth, panels * panelWidth, false)
    }
    for row in 0..<queries {
      copy(run.result + (start + row) * run.resultStride, out + row * panels * panelWidth, depth)
    }
    start += queries
  }
}
