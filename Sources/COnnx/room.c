int mtag_onnx_room;
