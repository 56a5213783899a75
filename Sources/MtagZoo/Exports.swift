// A user of the library writes `import MtagZoo` and has the types that its functions take and give.
@_exported public import MtagCore
@_exported public import MtagData
@_exported public import MtagFeatures
@_exported public import MtagGraph
@_exported public import MtagModel
@_exported public import MtagONNX
@_exported public import MtagPlugins
@_exported public import MtagTraining
