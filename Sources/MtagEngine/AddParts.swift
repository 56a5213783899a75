/// sum = parts[0] + parts[1] + …, each `count` floats, in order.
func addParts(
  _ parts: UnsafePointer<Float>, parts pieces: Int, into sum: UnsafeMutablePointer<Float>, count: Int
) {
  sum.update(from: parts, count: count)
  for piece in 1..<max(pieces, 1) {
    let part = parts + piece * count
    for i in 0..<count { sum[i] += part[i] }
  }
}
