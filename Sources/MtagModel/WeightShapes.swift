/// When two shapes hold the same weights, and how to bring a file's values into the order used here.
enum WeightShapes {
  static func differInLabels(_ shape: [Int], _ wanted: [Int]) -> Bool {
    guard let labels = shape.first, let wantedLabels = wanted.first, labels != wantedLabels else {
      return false
    }
    return holdTheSame([wantedLabels] + shape.dropFirst(), wanted)
  }

  /// Whether the same values in the same order fill both shapes, and the axes that remain mean the same.
  static func holdTheSame(_ shape: [Int], _ wanted: [Int]) -> Bool {
    if shape == wanted { return true }
    // Two kernels of one rank whose sizes differ are two different kernels.
    guard shape.count != wanted.count else { return false }
    if shape.filter({ $0 != 1 }) == wanted.filter({ $0 != 1 }) { return true }
    guard shape.first == wanted.first, min(shape.count, wanted.count) == 2 else { return false }
    return product(shape) == product(wanted)
  }

  /// nil if there are more than 2⁶³ values.
  private static func product(_ shape: [Int]) -> Int? {
    shape.reduce(1 as Int?) { total, size in
      guard let (value, overflow) = total?.multipliedReportingOverflow(by: size), !overflow else {
        return nil
      }
      return value
    }
  }

  /// A shape of the file with its kernel sizes in the order used here.
  static func turned(_ shape: [Int], _ axes: KernelAxes) -> [Int] {
    axes == .framesBands && shape.count == 4 ? [shape[0], shape[1], shape[3], shape[2]] : shape
  }

  /// The values in the order used here. A flattened map was flattened in the file's order of axes.
  static func turned(_ values: [Float], _ axes: KernelAxes, from shape: [Int], to wanted: [Int]) -> [Float] {
    guard axes == .framesBands else { return values }
    let frames: Int
    let bands: Int
    if shape.count == 4 {
      (frames, bands) = (shape[2], shape[3])
    } else if shape.count == 2, wanted.count == 4 {
      (frames, bands) = (wanted[3], wanted[2])
    } else {
      return values
    }
    guard frames > 1, bands > 1 else { return values }
    var result = values
    for start in stride(from: 0, to: values.count, by: frames * bands) {
      for frame in 0..<frames {
        for band in 0..<bands {
          result[start + band * frames + frame] = values[start + frame * bands + band]
        }
      }
    }
    return result
  }
}
