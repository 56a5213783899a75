internal import CKernelHints

/// Stores a register; with `past` past the caches, for memory that is not read again before the caches have forgotten it: the
/// lines are then not read from memory before they are overwritten. Needs a pointer aligned to a register.
@inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, _ value: Lanes, past: Bool) {
  guard past else { return store(pointer, value) }
  withUnsafePointer(to: value) { value in
    #if MTAG_V4
      mtagStream16(pointer, value)
    #elseif MTAG_V3
      mtagStream8(pointer, value)
    #else
      mtagStream4(pointer, value)
    #endif
  }
}

/// To be called after stores past the caches, before others are told that the memory is written.
@inline(__always) func finishStreams() { mtagFinishStreams() }
