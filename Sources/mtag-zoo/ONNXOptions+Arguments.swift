public import ArgumentParser
public import MtagZoo

extension ONNXOptions.Input: ExpressibleByArgument {}
extension ONNXOptions.Transform: ExpressibleByArgument {}
