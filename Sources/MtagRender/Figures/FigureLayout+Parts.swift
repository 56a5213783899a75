import MtagCore

extension FigureLayout {
  /// Title, subtitle and room for the captions; `room` loses its upper part.
  mutating func placeHeader(
    _ options: FigureOptions, _ content: FigureContent, in room: inout Box, _ typesetter: borrowing Typesetter
  ) {
    let lines: [(PlacedLabel.Role, String, Double)] = [
      (.title, PlainText.line(options.title), metrics.titleSize),
      (.subtitle, PlainText.line(options.subtitle), metrics.captionSize),
    ]
    for (role, text, fontSize) in lines where !text.isEmpty {
      let extent = typesetter.measure(text, fontSize: fontSize, isStrong: role == .title)
      // Scripts with tall letters get more, but not without end.
      let height = min(extent.height, 1.7 * fontSize)
      let box = Box(x: room.x, y: room.y, width: min(extent.width, room.width), height: height)
      place(role, text, box, width: extent.width, fontSize: fontSize)
      room.cut(top: height)
    }
    if !labels.isEmpty { room.cut(top: metrics.gap) }
    // Captions have a line of their own; the uppermost number reaches half a line above its panel.
    let caption = typesetter.measure("0", fontSize: metrics.captionSize).height
    room.cut(top: caption + captionGap(content, typesetter))
  }

  /// Takes room for the times' numbers and the line that says what they are.
  mutating func cutFooter(from room: inout Box, _ typesetter: borrowing Typesetter) {
    let height = typesetter.measure("0", fontSize: metrics.captionSize).height
    room.height -= height + lineHeight(typesetter) + metrics.markLength + metrics.smallGap
  }

  /// The channels' panels and names.
  mutating func placePanels(
    _ content: FigureContent, grid: PanelGrid, in area: Box,
    _ typesetter: borrowing Typesetter
  ) throws {
    let width = (area.width - Double(grid.columns - 1) * metrics.panelGap) / Double(grid.columns)
    guard width >= PanelGrid.leastWidth else {
      throw MtagError(
        .usage,
        "numbers and colour bar leave no room in a figure of this size; ask for a larger one with --size")
    }
    for index in 0..<content.parts.count * content.channels {
      let (part, channel) = (index / content.channels, index % content.channels)
      let x = area.x + Double(index % grid.columns) * (width + metrics.panelGap)
      let y =
        area.y + Double(index / grid.columns) * (grid.panelHeight + grid.nameHeight + metrics.gap)
        + grid.nameHeight
      let (left, top) = (snapped(x), snapped(y))
      let box = Box(
        x: left, y: top, width: snapped(x + width) - left, height: snapped(y + grid.panelHeight) - top)
      panels.append(Panel(channel: channel, part: part, box: box))
      let name = content.name(content.parts[part], channel: channel)
      let extent = typesetter.measure(name, fontSize: metrics.textSize)
      let height = min(extent.height, grid.nameHeight)
      place(
        .channelName, name,
        Box(x: left, y: top - height - 1, width: min(extent.width, box.width), height: height),
        width: extent.width, fontSize: metrics.textSize)
    }
  }

  /// What the axes show: bands above their numbers, time below its numbers.
  mutating func placeCaptions(
    _ content: FigureContent, above area: Box, _ typesetter: borrowing Typesetter
  ) {
    guard let first = panels.first?.box, let last = panels.last?.box else { return }
    let fontSize = metrics.captionSize
    let bands = typesetter.measure(content.bandCaption, fontSize: fontSize)
    let numbersEnd = first.x - metrics.markLength - metrics.smallGap
    let captionBottom = area.y - captionGap(content, typesetter)
    place(
      .bandCaption, content.bandCaption,
      Box(
        x: max(metrics.margin, numbersEnd - bands.width), y: captionBottom - bands.height,
        width: min(bands.width, picture.width / 2 - metrics.margin), height: bands.height),
      width: bands.width, fontSize: fontSize)
    let time = typesetter.measure(content.times.caption, fontSize: fontSize)
    let middle = (first.x + area.right) / 2
    let bottom =
      max(last.bottom, first.bottom) + metrics.markLength + metrics.smallGap + lineHeight(typesetter)
    place(
      .timeCaption, content.times.caption,
      Box(x: middle - time.width / 2, y: bottom, width: time.width, height: time.height), fontSize: fontSize)
  }

  /// Marks and numbers left of the first column; `ticks` has those of each part.
  mutating func placeBands(_ ticks: [[Tick]], _ typesetter: borrowing Typesetter) {
    guard let column = panels.first?.box.x else { return }
    for panel in panels where panel.box.x == column {
      for tick in ticks[panel.part] {
        let y = panel.box.bottom - tick.share * panel.box.height
        let extent = typesetter.measure(tick.text, fontSize: metrics.textSize)
        let end = column - metrics.markLength
        let box = Box(
          x: end - metrics.smallGap - extent.width, y: y - extent.height / 2, width: extent.width,
          height: extent.height)
        if place(.bandTick, tick.text, box, fontSize: metrics.textSize) {
          marks.append(Mark(x: column, y: crisp(y), endX: end, endY: crisp(y)))
        }
      }
    }
  }

  /// Marks and numbers below the lowest panel of each column.
  mutating func placeTimes(_ times: TimeTicks, _ typesetter: borrowing Typesetter) {
    guard let width = panels.first?.box.width else { return }
    let choices = times.ticks(atMost: max(Int(width / (75 * metrics.unit)), 3))
    var ticks: [Tick] = []
    for choice in choices {
      let needed = widest(choice, typesetter) + metrics.textSize
      ticks = choice
      if zip(choice, choice.dropFirst()).allSatisfy({ ($1.share - $0.share) * width >= needed }) { break }
    }
    for panel in panels where !panels.contains(where: { $0.box.x == panel.box.x && $0.box.y > panel.box.y }) {
      for tick in ticks {
        let x = panel.box.x + tick.share * width
        let extent = typesetter.measure(tick.text, fontSize: metrics.textSize)
        let end = panel.box.bottom + metrics.markLength
        // A number at the picture's edge moves inwards rather than fall out.
        let left = min(x - extent.width / 2, picture.width - metrics.margin / 2 - extent.width)
        let box = Box(x: left, y: end + metrics.smallGap / 2, width: extent.width, height: extent.height)
        if place(.timeTick, tick.text, box, fontSize: metrics.textSize) {
          marks.append(Mark(x: crisp(x), y: panel.box.bottom, endX: crisp(x), endY: end))
        }
      }
    }
  }

  /// The colour bars with their marks and numbers, and one caption; `ticks` has those of each part.
  mutating func placeBars(
    _ ticks: [[Tick]], _ content: FigureContent, beside area: Box, _ typesetter: borrowing Typesetter
  ) {
    for (index, part) in content.parts.enumerated() {
      let boxes = panels.filter { $0.part == index }.map(\.box)
      guard let top = boxes.map(\.y).min(), let bottom = boxes.map(\.bottom).max() else { continue }
      var bar = Box(
        x: area.right + metrics.panelGap, y: top, width: metrics.barWidth, height: bottom - top)
      if part.range.clipsHigh { bar.cut(top: metrics.barPoint) }
      if part.range.clipsLow { bar.height -= metrics.barPoint }
      bars.append(bar)
      place(ticks[index], at: bar, typesetter)
    }
    placeValueCaption(content, above: area, typesetter)
  }

  private mutating func place(_ ticks: [Tick], at bar: Box, _ typesetter: borrowing Typesetter) {
    for tick in ticks {
      let y = bar.bottom - tick.share * bar.height
      let extent = typesetter.measure(tick.text, fontSize: metrics.textSize)
      let end = bar.right + metrics.markLength
      let box = Box(
        x: end + metrics.smallGap, y: y - extent.height / 2, width: extent.width, height: extent.height)
      if place(.valueTick, tick.text, box, fontSize: metrics.textSize) {
        marks.append(Mark(x: bar.right, y: crisp(y), endX: end, endY: crisp(y)))
      }
    }
  }

  private mutating func placeValueCaption(
    _ content: FigureContent, above area: Box, _ typesetter: borrowing Typesetter
  ) {
    guard let bar = bars.first else { return }
    let right = picture.width - metrics.margin
    let bottom = area.y - captionGap(content, typesetter)
    for caption in content.valueCaptions {
      let extent = typesetter.measure(caption, fontSize: metrics.captionSize)
      let box = Box(
        x: min(bar.x, right - extent.width), y: bottom - extent.height, width: extent.width,
        height: extent.height)
      if place(.valueCaption, caption, box, fontSize: metrics.captionSize) { return }
    }
  }
}

extension FigureLayout {
  /// From captions to panels: the names of channels stand between, or half of the uppermost number.
  private func captionGap(_ content: FigureContent, _ typesetter: borrowing Typesetter) -> Double {
    metrics.smallGap + (content.hasNames ? 0 : lineHeight(typesetter) / 2)
  }
}

extension Box {
  /// Takes a strip off the top.
  mutating func cut(top: Double) {
    y += top
    height -= top
  }
}
