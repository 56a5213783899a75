public import MtagKernelTypes

/// The table of the level this module was compiled for.
public func makeKernelTable() -> KernelTable {
  KernelTable(
    level: levelName,
    features: FeatureKernels(
      applyWindow: applyWindow, centerFrame: centerFrame,
      windowInDouble: windowInDouble, roundToSingle: roundToSingle, emphasize: emphasize,
      largestMagnitudeBits: largestMagnitudeBits, addSquares: addSquares,
      binValues: binValues, bandSums: bandSums, levels: levels),
    extractors: ExtractorKernels(
      denseSums: denseSums, normalizeColumns: normalizeColumns, copyWithPeaks: copyWithPeaks, pcen: pcen,
      extremes: extremes, rises: rises, autocorrelations: autocorrelations),
    constantQ: ConstantQKernels(turnSpectra: turnSpectra, bandValues: bandValues),
    winograd: WinogradKernels(
      blockTiles: blockTiles, transformFilters: transformFilters, forward: winogradForward,
      forwardBlock: winogradForwardBlock,
      filterGradient: winogradFilterGradient, finishFilterGradient: finishFilterGradient),
    rowWinograd: RowWinogradKernels(
      blockTiles: rowBlockTiles, transformFilters: transformRowFilters, forward: rowWinogradForward),
    norm: NormKernels(
      forward: normForward, backwardSums: normBackwardSums, backwardApply: normBackwardApply,
      statistics: channelStatistics),
    firstBlock: FirstBlockKernels(
      moments: patchMoments, forward: firstBlockForward, backward: firstBlockBackward),
    convolution: ConvolutionKernels(
      blockPixels: blockPixels, blockDepth: blockDepth, blockOutputs: blockOutputs, stripCount: stripCount,
      panelWidth: panelWidth,
      packFilters: packFilters, forward: patchForward, filterGradient: patchFilterGradient,
      unpackGradient: unpackFilterGradient),
    depthwise: DepthwiseKernels(forward: depthwiseForward, filterGradient: depthwiseFilterGradient),
    pointwise: PointwiseKernels(
      activate: activate, activationGradient: activationGradient, decibels: decibels,
      decibelGradient: decibelGradient, combine: combine, addProducts: addProducts, softmax: softmax),
    pool: PoolKernels(forward: poolForward, backward: poolBackward),
    sequences: SequenceKernels(
      softmax: softmaxRows, softmaxGradient: softmaxGradient, layerNorm: layerNorm,
      layerNormBackward: layerNormBackward, columnSums: columnSums, gru: gruForward, gruBackward: gruBackward,
      lstm: lstmForward, lstmBackward: lstmBackward, weightedRows: weightedRows, addScaled: addScaled),
    attention: AttentionKernels(
      blockQueries: blockQueries, panelWidth: panelWidth, pack: packAttention, attend: attend),
    tile: RegisterTile(rows: tileRows, columns: panelWidth, product: tileProduct))
}
