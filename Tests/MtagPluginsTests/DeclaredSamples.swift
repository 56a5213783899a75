/// Models that tests read.
enum DeclaredSamples {
  /// Every layer there is, once at least.
  static let everything = """
    name: everything
    summary: every layer once
    features: melspec
    chunk_frames: 200
    settings:
      width: 8
      rates: [0.1, 0.2]
      gated: true
    layers:
      - batch_norm: {axis: bands, epsilon: 0.001, momentum: 0.01, scale: false}
      - conv: {channels: $width, kernel: [3, 5], stride: [2, 1], dilation: [1, 2], padding: [1, 4], bias: false}
        name: stem
      - elu
      - repeat: {rate: $rates}
        layers:
          - residual:
              - conv: {channels: $width, kernel: 3, groups: 2}
              - batch_norm
              - relu6
              - dropout: $rate
              - squeeze_excite: {reduction: 2, inner: silu, gate: hard_sigmoid}
                if: $gated
            name: unit
          - hard_swish
      - branches:
          - [{depthwise: {kernel: 3, multiplier: 2}}, gelu]
          - [{conv: {channels: $width * 2, kernel: 1}}, sigmoid]
          - []
        join: concat
      - average_pool: {kernel: 2, padding: 1, counts_padding: false}
      - max_pool: {kernel: 3, stride: 2, padding: 1}
      - adaptive_pool: {function: max, size: [4, 20]}
      - conv: {channels: 16, kernel: [all, 3], padding: [0, 1]}
        name: tall
      - group:
          - linear: {features: 16, bias: false}
          - tanh
      - add: [previous, tall]
      - tokens: 1
      - positions: [1, 64]
      - residual:
          - layer_norm
          - attention: {heads: 4}
        name: encoder
      - gru: {hidden: 8, layers: 2, bidirectional: true}
        name: forward
      - lstm: 12
        from: encoder
        name: other
      - concat: {of: [forward, other], axis: channels}
      - attention_pool
        # one vector
      - softmax: channels
        name: gate
      - linear: 28
      - multiply: [previous, gate]
      - flatten: channels
      - mean: both
      - linear: $labels
        name: logits
    """
}
