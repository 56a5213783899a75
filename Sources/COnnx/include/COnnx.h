// The ONNX messages of onnx.proto as protobuf-c generates them.
#include "onnx.pb-c.h"
