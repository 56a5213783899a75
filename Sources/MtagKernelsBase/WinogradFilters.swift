import MtagKernelTypes

/// G g: three taps to six points.
@inline(__always) private func tapPoints(_ a: Float, _ b: Float, _ c: Float) -> (
  Float, Float, Float, Float, Float, Float
) {
  let near = (a + 0.5 * c) * (-2 / 3)
  let far = a * (1 / 6) + c * (1 / 3)
  let nearOdd = b * (-2 / 3 * pointA)
  let farOdd = b * (1 / 6 * pointB)
  return (a, near + nearOdd, near - nearOdd, far + farOdd, far - farOdd, c)
}

/// Gᵀ u: six points to the gradients of three taps.
@inline(__always) private func tapGradients(
  _ u: (Float, Float, Float, Float, Float, Float)
) -> (Float, Float, Float) {
  let near = (u.1 + u.2) * (-2 / 3)
  let far = (u.3 + u.4) * (1 / 6)
  return (
    u.0 + near + far, (u.1 - u.2) * (-2 / 3 * pointA) + (u.3 - u.4) * (1 / 6 * pointB),
    0.5 * near + 2 * far + u.5
  )
}

/// Where the point-0 value of the filter from `input` to `output` stands in packed filters; the other points follow
/// `inputChannels * outputChannels` floats apart.
@inline(__always) private func packedIndex(
  input: Int, output: Int, inputChannels: Int, outputChannels: Int
) -> Int {
  let panel = output / panelWidth * panelWidth
  let width = min(panelWidth, outputChannels - panel)
  return panel * inputChannels + input * width + output - panel
}

func transformFilters(_ run: FilterTransform, _ first: Int, _ count: Int) {
  // Transposed, the convolution reads the true output channels and gives the true input channels.
  let inputs = run.isTransposed ? run.outputCount : run.inputCount
  let inputChannels = run.isTransposed ? run.outputChannels : run.inputChannels
  let outputChannels = run.isTransposed ? run.inputChannels : run.outputChannels
  let pointStride = inputChannels * outputChannels
  for output in first..<(first + count) {
    for input in 0..<inputs {
      let w =
        run.weights
        + (run.isTransposed ? input * run.inputCount + output : output * run.inputCount + input) * 9
      @inline(__always) func tap(_ i: Int, _ j: Int) -> Float {
        run.isTransposed ? w[8 - i * 3 - j] : w[i * 3 + j]
      }
      let p =
        run.transformed
        + packedIndex(
          input: input, output: output, inputChannels: inputChannels, outputChannels: outputChannels)
      let c0 = tapPoints(tap(0, 0), tap(1, 0), tap(2, 0))
      let c1 = tapPoints(tap(0, 1), tap(1, 1), tap(2, 1))
      let c2 = tapPoints(tap(0, 2), tap(1, 2), tap(2, 2))
      @inline(__always) func row(_ i: Int, _ a: Float, _ b: Float, _ c: Float) {
        let six = tapPoints(a, b, c)
        let q = p + i * 6 * pointStride
        q[0] = six.0
        q[pointStride] = six.1
        q[2 * pointStride] = six.2
        q[3 * pointStride] = six.3
        q[4 * pointStride] = six.4
        q[5 * pointStride] = six.5
      }
      row(0, c0.0, c1.0, c2.0)
      row(1, c0.1, c1.1, c2.1)
      row(2, c0.2, c1.2, c2.2)
      row(3, c0.3, c1.3, c2.3)
      row(4, c0.4, c1.4, c2.4)
      row(5, c0.5, c1.5, c2.5)
    }
  }
}

func finishFilterGradient(_ run: FilterTransform) {
  let pointStride = run.inputChannels * run.outputChannels
  for output in 0..<run.outputCount {
    for input in 0..<run.inputCount {
      let p =
        run.transformed
        + packedIndex(
          input: input, output: output, inputChannels: run.inputChannels, outputChannels: run.outputChannels)
      @inline(__always) func row(_ i: Int) -> (Float, Float, Float) {
        let q = p + i * 6 * pointStride
        return tapGradients(
          (
            q[0], q[pointStride], q[2 * pointStride], q[3 * pointStride], q[4 * pointStride],
            q[5 * pointStride]
          ))
      }
      let r0 = row(0)
      let r1 = row(1)
      let r2 = row(2)
      let r3 = row(3)
      let r4 = row(4)
      let r5 = row(5)
      let a = tapGradients((r0.0, r1.0, r2.0, r3.0, r4.0, r5.0))
      let b = tapGradients((r0.1, r1.1, r2.1, r3.1, r4.1, r5.1))
      let c = tapGradients((r0.2, r1.2, r2.2, r3.2, r4.2, r5.2))
      let w = run.weights + (output * run.inputCount + input) * 9
      w[0] = a.0
      w[1] = b.0
      w[2] = c.0
      w[3] = a.1
      w[4] = b.1
      w[5] = c.1
      w[6] = a.2
      w[7] = b.2
      w[8] = c.2
    }
  }
}
