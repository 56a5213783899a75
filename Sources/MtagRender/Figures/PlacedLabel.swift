/// One line of text of a figure, where it stands.
package struct PlacedLabel: Sendable, Hashable {
  /// What a text is for.
  package enum Role: Sendable, Hashable {
    /// The two lines at the top.
    case title, subtitle
    /// What an axis or the colour bar shows.
    case bandCaption, timeCaption, valueCaption
    /// The name of a channel, above its panel.
    case channelName
    /// A number at a mark.
    case bandTick, timeTick, valueTick
  }

  /// What it is for.
  package let role: Role
  /// What it says.
  package let text: String
  /// Where it stands.
  package let box: Box
  /// Whether it is longer than its box, so that its middle is left out.
  package let isShortened: Bool
  /// Height of the letters, in pixels.
  let fontSize: Double
}
