/// In files a convolution says only what differs from a plain one: `extraPadding`, `dilation` and
/// `groups` are left out at 0×0, 1×1 and 1, as in files from before there were any.
extension Operation.Convolution: Codable {
  private enum CodingKeys: String, CodingKey {
    case channels, kernel, stride, padding, extraPadding, dilation, groups, hasBias
  }

  /// Reads the attributes; values are checked by `Graph`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      channels: try container.decode(Int.self, forKey: .channels),
      kernel: try container.decode(Operation.Extent.self, forKey: .kernel),
      stride: try container.decode(Operation.Extent.self, forKey: .stride),
      padding: try container.decode(Operation.Extent.self, forKey: .padding),
      extraPadding: try container.decodeIfPresent(Operation.Extent.self, forKey: .extraPadding)
        ?? .init(0, 0),
      dilation: try container.decodeIfPresent(Operation.Extent.self, forKey: .dilation) ?? .init(1, 1),
      groups: try container.decodeIfPresent(Int.self, forKey: .groups) ?? 1,
      hasBias: try container.decode(Bool.self, forKey: .hasBias))
  }

  /// Writes the attributes that say something.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(channels, forKey: .channels)
    try container.encode(kernel, forKey: .kernel)
    try container.encode(stride, forKey: .stride)
    try container.encode(padding, forKey: .padding)
    if extraPadding != .init(0, 0) { try container.encode(extraPadding, forKey: .extraPadding) }
    if dilation != .init(1, 1) { try container.encode(dilation, forKey: .dilation) }
    if groups != 1 { try container.encode(groups, forKey: .groups) }
    try container.encode(hasBias, forKey: .hasBias)
  }
}
