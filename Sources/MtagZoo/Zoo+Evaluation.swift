public import MtagCore
import MtagData
import MtagFeatures
import MtagModel
public import MtagTraining

extension Zoo {
  /// Measures a model on clips whose labels are known.
  /// - Throws: `MtagError`: usage if no data set is named and the model is of no run; inputMissing for a model or data set
  ///   that is not there; badData for labels that the model does not know or an empty part; interrupted.
  public func evaluate(_ request: EvaluationRequest, observer: Observer = .silent) throws -> EvaluationReport
  {
    let resolved = try model(request.model)
    let run = resolved.configuration
    guard let datasetName = request.dataset ?? run?.dataset else {
      throw MtagError(.usage, "\(resolved.path) is not in a run folder: say which clips with --dataset")
    }
    let isOwnDataset = run.map { $0.dataset == Self.absolute(datasetName) } ?? false
    let label = request.label ?? (isOwnDataset ? run?.label : nil)
    let dataset = try dataset(datasetName, label: label, observer: observer)
    let clips = try clips(request, dataset: dataset, model: resolved, observer: observer)
    let extractor = try FeatureExtractors.make(resolved.model.featureSpec)
    let features = try FeatureSet.compute(
      dataset, indices: clips.indices, extractor: extractor, cacheFolder: cacheFolder,
      cacheLimit: cacheLimit, threads: request.threads, observer: observer)
    return try Evaluation.evaluate(
      resolved.model, dataset: dataset, indices: clips.indices, features: features, split: clips.split,
      chunks: request.chunks ?? run?.validationChunks ?? 5, threads: request.threads, observer: observer)
  }

  private func clips(
    _ request: EvaluationRequest, dataset: Dataset, model: ResolvedModel, observer: Observer
  ) throws -> (indices: [Int], split: EvaluationReport.SplitName) {
    // Without a data set the run's own is taken, and of that only what it was not trained on.
    let typed = request.split ?? (request.dataset == nil ? Split.Part.valid.rawValue : nil)
    guard let typed else {
      let ids = dataset.tracks.map(\.id).sorted().joined(separator: "\n")
      if model.configuration?.dataset == Self.absolute(request.dataset ?? "") {
        observer.note("every clip is evaluated, those trained on too; --split valid takes the held-out ones")
      }
      let name = EvaluationReport.SplitName(name: "all", sha256: try SHA256Digest.hex(of: ids), part: "all")
      return (Array(dataset.tracks.indices), name)
    }
    let ownPart = Split.Part(rawValue: typed)
    let text = ownPart == nil ? typed : model.configuration?.split ?? Split.defaultText(for: dataset)
    let seed = request.seed ?? model.configuration?.seed ?? 0
    let split = try Split.make(text, dataset: dataset, seed: seed)
    for note in split.notes { observer.note(note) }
    let trained = model.model.card
    if trained.dataset == dataset.name, trained.splitHash != split.sha256, !trained.splitHash.isEmpty {
      observer.note(
        "this is not the split that the model was trained with (\(trained.split)): clips it was trained on may be "
          + "among these")
    }
    let part = ownPart ?? request.part ?? (split.test.isEmpty ? .valid : .test)
    let name = EvaluationReport.SplitName(name: split.name, sha256: split.sha256, part: part.rawValue)
    return (try split.indices(of: part), name)
  }
}
