import Foundation
import MtagRender
import Testing

@Suite struct ColorMapTests {
  /// CIE L* of sRGB bytes (IEC 61966-2-1, CIE 15), written independently of the map's own formulas.
  private func lightness(_ color: SIMD3<UInt8>) -> Double {
    let linear = (0..<3).map { channel in
      let value = Double(color[channel]) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return luminance > 216.0 / 24389 ? 116 * cbrt(luminance) - 16 : luminance * 24389 / 27
  }

  @Test("Lightness rises with every one of the 256 colours, and in a straight line")
  func isMonotone() {
    let levels = ColorMap.ember.colors.map(lightness)
    #expect(levels.count == 256)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 })
    for (index, level) in levels.enumerated() {
      #expect(abs(level - (2 + 95 * Double(index) / 255)) < 0.6)
    }
  }

  @Test("Neighbouring colours are close: no band shows in a smooth picture")
  func isSmooth() {
    let colors = ColorMap.ember.colors
    for (left, right) in zip(colors, colors.dropFirst()) {
      let steps = (0..<3).map { abs(Int(left[$0]) - Int(right[$0])) }
      #expect(steps.allSatisfy { $0 <= 6 })
    }
  }

  @Test(
    "The other maps have 256 close colours whose lightness runs straight: up, down, or both ways from the middle"
  )
  func otherMaps() {
    for map in [ColorMap.tide, .tideLight, .balance, .balanceDark] {
      #expect(map.colors.count == 256)
      for (left, right) in zip(map.colors, map.colors.dropFirst()) {
        #expect((0..<3).allSatisfy { abs(Int(left[$0]) - Int(right[$0])) <= 9 })
      }
    }
    let (tide, balance) = (ColorMap.tide.colors.map(lightness), ColorMap.balance.colors.map(lightness))
    #expect(zip(tide, tide.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColorMap.tideLight.colors == ColorMap.tide.colors.reversed())
    // Equal magnitudes look equally strong, whatever their sign.
    for index in 0..<128 { #expect(abs(balance[index] - balance[255 - index]) < 1.5) }
    #expect(balance[127] > 95 && balance[0] < 30)
    let dark = ColorMap.balanceDark.colors.map(lightness)
    for index in 0..<128 { #expect(abs(dark[index] - dark[255 - index]) < 1.5) }
    #expect(dark[127] < 12 && dark[0] > 86)
  }
}
