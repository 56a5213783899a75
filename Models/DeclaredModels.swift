/// The architectures of the zoo that are written in YAML. Their text is in the program: it needs no files beside it.
public enum DeclaredModels {
  /// Each file's name and text: a new one is a file here, a line in Package.swift and a line here.
  public static let texts: [(file: String, text: String)] = [
    ("tutorial-cnn.yaml", String(decoding: PackageResources.tutorial_cnn_yaml, as: UTF8.self)),
    ("small-resnet-se.yaml", String(decoding: PackageResources.small_resnet_se_yaml, as: UTF8.self)),
  ]
}
